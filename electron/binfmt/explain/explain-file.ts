import { isEmulatorName } from '../interpreters.ts';
import type { Snapshot } from '../snapshot.ts';
import type { Explanation, Outcome, Step } from './explanation.ts';
import { type Inspect, inspectFile } from './inspect-file.ts';
import { findLoader, type LoaderSearch } from './loader.ts';
import { adviceFor, errnoOf } from './verdict.ts';
import { type Walk, walk } from './walk.ts';

export interface ExplainOptions {
  /** How to look at files. */
  readonly inspect?: Inspect;
  /** QEMU_LD_PREFIX as the program to be started would find it in its environment. */
  readonly environmentPrefix?: string | undefined;
}

/**
 * Why a file runs or does not, for whoever runs this program, on a system such as the snapshot shows. A path
 * that does not begin with a slash starts from the directory this program was started in. Reads the beginnings
 * of the files on the way and starts nothing. Never rejects for what the file or the system looks like.
 */
export async function explainFile(
  path: string,
  snapshot: Snapshot,
  { inspect = inspectFile, environmentPrefix = process.env.QEMU_LD_PREFIX }: ExplainOptions = {},
): Promise<Explanation> {
  const walked = await walk(path, snapshot, inspect);
  const loader = await loaderOf(walked, snapshot, inspect, environmentPrefix);
  const advice = adviceFor(walked, loader, snapshot);
  return { path, steps: walked.steps, outcome: outcomeOf(walked, loader), ...advice };
}

/** Whether an emulator that is started would find the loader of the program it is to run. */
async function loaderOf(
  { steps, end }: Walk,
  snapshot: Snapshot,
  inspect: Inspect,
  environmentPrefix: string | undefined,
): Promise<LoaderSearch> {
  const taken = firstTaken(steps);
  if (end.kind !== 'started' || taken === null || taken.content.kind !== 'elf') return { kind: 'found' };
  return isQemu(taken.interpreter, snapshot)
    ? findLoader(taken.content, inspect, environmentPrefix)
    : { kind: 'found' };
}

function outcomeOf(walked: Walk, loader: LoaderSearch): Outcome {
  const taken = firstTaken(walked.steps);
  const errno = errnoOf(walked);
  if (errno !== null) return { kind: 'fails', errno, entry: taken?.entry ?? null };
  if (walked.end.kind === 'untold') return { kind: 'unknown', reason: walked.end.reason };
  if (taken === null) return { kind: 'runs-natively' };
  const { interpreter, entry } = taken;
  return loader.kind === 'missing'
    ? { kind: 'stops-under', interpreter, entry, missingLoader: loader.loader }
    : { kind: 'runs-under', interpreter, entry };
}

/** The first file on the way that an entry takes. */
function firstTaken(
  steps: readonly Step[],
): { content: Step['content']; entry: string; interpreter: string } | null {
  for (const { handler, content } of steps) {
    if (handler?.kind !== 'binfmt_misc') continue;
    return { content, entry: handler.entry, interpreter: handler.interpreter };
  }
  return null;
}

/** Whether an interpreter is QEMU, by its version or else by its name. */
function isQemu(path: string, snapshot: Snapshot): boolean {
  const row = [...snapshot.targets, ...snapshot.formats].find((one) => one.interpreter?.path === path);
  const name = path.slice(path.lastIndexOf('/') + 1);
  return (row?.interpreter?.qemuVersion ?? null) !== null || isEmulatorName(name);
}
