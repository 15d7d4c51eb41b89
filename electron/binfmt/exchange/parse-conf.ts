import type { BootRule } from '../boot/boot-configuration.ts';
import { readConfLines } from '../boot/conf-text.ts';
import { type RegistryStep, registeredAfter } from '../boot/registering.ts';
import { formatRegisterLine, type Registration } from '../register-line.ts';
import { failure, type Result, success } from '../result.ts';
import { unknownFlagsOf } from './desired-entry.ts';
import { MOST_ENTRIES } from './document-schema.ts';
import type { ImportedRegistrations, ImportProblem } from './import.ts';

/**
 * Reads the text of a `.conf` file, a string of bytes, as systemd-binfmt does; but where that passes over a line
 * that it refuses, the file is refused.
 */
export function parseConf(text: string): Result<ImportedRegistrations, ImportProblem> {
  const steps: RegistryStep[] = [];
  const lines = new Map<string, number>();
  const notes: string[] = [];
  let rules = 0;
  for (const { number, before, registration } of readConfLines(text, 'systemd-binfmt')) {
    const problem = registration.ok ? problemOf(registration.value) : registration.problem;
    if (!registration.ok || problem !== null) return failureAt(number, problem ?? '');
    if (rules === MOST_ENTRIES) return failureAt(number, `More than ${MOST_ENTRIES} entries are not read.`);
    rules += 1;
    const { name } = registration.value;
    const earlier = lines.get(name);
    if (earlier !== undefined) {
      notes.push(`Line ${number} takes the place of line ${earlier}: both register ${name}.`);
    }
    lines.set(name, number);
    const rule: BootRule = { registration: registration.value, path: '', line: number, by: 'binfmt.d' };
    steps.push(...before, { kind: 'register', rule });
  }
  if (rules === 0) return failureAt(1, 'The file has no register line.');
  const entries = registeredAfter(steps).map((one) => ({ registration: one.registration, enabled: true }));
  // What is registered last is the first in match order.
  return success({ source: 'conf', entries: entries.reverse(), notes });
}

/** Why it is not registered here, be the kernel as it may. */
function problemOf(registration: Registration): string | null {
  const unknown = unknownFlagsOf(registration.flags);
  if (unknown !== '') return `There is no flag ${unknown}.`;
  const line = formatRegisterLine(registration);
  return line.ok ? null : line.problem;
}

const failureAt = (line: number, problem: string): Result<never, ImportProblem> =>
  failure({ sentence: `Line ${line}: ${problem}`, line });
