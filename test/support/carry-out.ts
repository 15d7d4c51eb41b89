import { type Entry, parseEntry } from '../../electron/binfmt/entry.ts';
import type { Operation, Plan } from '../../electron/binfmt/operations.ts';
import type { MagicRegistration } from '../../electron/binfmt/register-line.ts';
import { runElevated } from '../../electron/elevation/elevate.ts';
import { type Outcome, parseReport } from '../../electron/elevation/report.ts';
import { buildScript } from '../../electron/elevation/script.ts';
import { registrationOfTarget } from './example-data.ts';
import { listEntries, readEntry } from './registry.ts';

export const TOKEN = '0123456789abcdef0123456789abcdef';

/** What is registered now, newest first. */
export const readEntries = (): readonly Entry[] =>
  listEntries().map((name) => parseEntry(name, readEntry(name) ?? ''));

/** Has bash carry out a plan, and reads its report. `entries` is what was there when it was made. */
export async function carryOut(plan: Plan, entries = readEntries()): Promise<readonly Outcome[]> {
  const output = await runElevated(buildScript(plan, TOKEN, entries), { kind: 'root' });
  if (!output.ok) throw new Error(output.problem.reason);
  return parseReport(output.value, plan, TOKEN);
}

/** `done`, or the outcome with what was said. */
export const summaryOf = (outcomes: readonly Outcome[]): readonly string[] =>
  outcomes.map((outcome) => (outcome.status === 'failed' ? `failed: ${outcome.message}` : outcome.status));

/** Registers an entry under this name that takes no program of any machine. */
export const registeringOdd = (name: string, changes: Partial<MagicRegistration> = {}): Operation => ({
  kind: 'register',
  registration: registrationOfTarget('arm', {
    magic: 'f0f1',
    mask: null,
    interpreter: '/bin/true',
    flags: '',
    name,
    ...changes,
  }),
});
