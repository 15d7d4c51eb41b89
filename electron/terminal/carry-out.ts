import { type Result, success } from '../binfmt/result.ts';
import type { Loss } from '../binfmt/snapshot.ts';
import type { ChangeResult } from '../change-result.ts';
import { dataDirectory, dataFilesIn } from '../data-directory.ts';
import type { PreviewedChange } from '../difference-preview.ts';
import type { Elevation } from '../elevation/elevate.ts';
import { History } from '../history.ts';
import { BinfmtManager } from '../manager.ts';
import type { ChangeRequest } from '../plan-change.ts';
import { commandLine } from './command-line.ts';
import { hintToMount } from './mounted.ts';
import { printable } from './printable.ts';
import { notRead } from './system.ts';
import { type Call, DONE, type ExitStatus, FAILED } from './verb.ts';

/** The program without a window, for one change: what the window does with it is on the same record. */
export function openManager({ terminal, options }: Call): BinfmtManager {
  const history = new History(dataFilesIn(dataDirectory()).changes, (error) =>
    terminal.complain(`What is changed could not be recorded: ${error}`),
  );
  return new BinfmtManager(elevationFor(options.sudo !== undefined), notRead, () => undefined, history);
}

function elevationFor(sudo: boolean): Elevation {
  if (process.geteuid?.() === 0) return { kind: 'root' };
  return sudo
    ? { kind: 'sudo' }
    : { kind: 'unavailable', short: 'you are not root', reason: 'Only root may do this.' };
}

/** What a verb does besides handing its request over. */
export interface Carrying {
  /** Whether it may be done, with these losses, which have been named; asked where nothing else is in the way. */
  readonly mayDo?: (losses: readonly Loss[]) => Promise<boolean>;
  /** Does it, where there is more to do than to hand the request over; its problem is a sentence. */
  readonly work?: () => Promise<Result<ChangeResult, string>>;
}

/** Carries out a request, or shows what it would do, and says what became of it. */
export async function carryOut(
  request: ChangeRequest,
  manager: BinfmtManager,
  call: Call,
  { mayDo = async () => true, work = async () => success(await manager.change(request)) }: Carrying = {},
): Promise<ExitStatus> {
  const { terminal, options } = call;
  const { problem, operations, script, leftAlone, losses } = await manager.preview(request);
  if (problem !== null) {
    terminal.complain(problem + hintToMount(await manager.snapshot(), terminal));
    return FAILED;
  }
  const isDryRun = options['dry-run'] !== undefined;
  if (!isDryRun && complainOfElevation(manager.elevation, call, lineFor(request, call))) return FAILED;
  for (const { name, reason } of losses) terminal.complain(`${name} could not be put back: ${reason}.`);
  if (isDryRun) {
    for (const sentence of leftAlone) terminal.complain(sentence);
    terminal.print([...operations.map((one) => `# ${printable(one)}`), '', script].join('\n'));
    return leftAlone.length === 0 ? DONE : FAILED;
  }
  if (!(await mayDo(losses))) return FAILED;
  const result = await withoutInterruption(work);
  if (result.ok) return tell(result.value, call);
  terminal.complain(result.problem);
  return FAILED;
}

/** Says what keeps new entries from working, or makes them a risk, before they are registered. */
export function complainOfWarnings(changes: readonly PreviewedChange[], { terminal }: Call): void {
  for (const { name, warnings } of changes) {
    for (const warning of warnings) terminal.complain(`${name}: ${warning}`);
  }
}

/** Whether root cannot be had; then it has been said what to type. */
export function complainOfElevation(elevation: Elevation, call: Call, line = sudoLine(call)): boolean {
  if (elevation.kind !== 'unavailable') return false;
  call.terminal.complain(`${elevation.reason} Type: ${line}`);
  return true;
}

/** What to type to do the same as root. */
const sudoLine = ({ invocation: { program, words } }: Call): string =>
  commandLine(['sudo', ...program, ...words]);

/** The same for a request: what is to be undone is on the record of whoever types this, and not on root's. */
const lineFor = ({ kind }: ChangeRequest, call: Call): string =>
  kind === 'undo'
    ? commandLine([...call.invocation.program, '--sudo', ...call.invocation.words])
    : sudoLine(call);

/** What is under way is seen through and recorded: Ctrl-C reaches those who do it, and they say how far they got. */
async function withoutInterruption<Value>(work: () => Promise<Value>): Promise<Value> {
  const wait = (): void => undefined;
  process.on('SIGINT', wait);
  try {
    return await work();
  } finally {
    process.off('SIGINT', wait);
  }
}

function tell({ kind, message, details }: ChangeResult, { terminal }: Call): ExitStatus {
  if (kind === 'done') terminal.say(`${message}.`);
  else terminal.complain(message);
  for (const detail of details) terminal.complain(detail);
  return kind === 'done' && details.length === 0 ? DONE : FAILED;
}
