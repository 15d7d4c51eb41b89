import { isEmulatorName } from '../interpreters.ts';
import type { Snapshot } from '../snapshot.ts';
import { visible } from '../visible.ts';
import { describeContent } from './describe.ts';
import { entryVerdicts } from './entry-verdicts.ts';
import type { Explanation, FoundLoader, Outcome, Step } from './explanation.ts';
import { type Inspect, inspectFile } from './inspect-file.ts';
import { findLoader, type LoaderSearch } from './loader.ts';
import { errnoOf } from './reasons.ts';
import { adviceFor, takenStep, unsureReason } from './verdict.ts';
import { isFailure, type OpenedFile, type Walk, walk } from './walk.ts';

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
  const search = await searchLoader(walked, snapshot, inspect, environmentPrefix);
  const steps = walked.files.map((file) => stepOf(file, walked, search, snapshot));
  const { verdict, action } = adviceFor({ steps, end: walked.end }, search, snapshot);
  return { path, steps, outcome: outcomeOf(steps, walked, search), verdict: visible(verdict), action };
}

/** What an emulator that is started makes of the loader of the program it is to run; null where it needs none. */
async function searchLoader(
  { files, end }: Walk,
  snapshot: Snapshot,
  inspect: Inspect,
  environmentPrefix: string | undefined,
): Promise<LoaderSearch | null> {
  const taken = takenStep(files);
  if (end.kind !== 'started' || taken === null || taken.content.kind !== 'elf') return null;
  return isQemu(taken.handler.interpreter, snapshot)
    ? findLoader(taken.content, inspect, environmentPrefix)
    : null;
}

function stepOf(file: OpenedFile, walked: Walk, search: LoaderSearch | null, snapshot: Snapshot): Step {
  const { path, heldOpen, access, content, head, handler } = file;
  const isAsked = head !== null && (heldOpen || access.kind === 'executable');
  return {
    path,
    heldOpen,
    access,
    content,
    description: visible(describeContent(content)),
    entries: isAsked ? entryVerdicts(snapshot, { head, path }) : [],
    handler,
    loader: loaderOf(file, walked, search),
  };
}

function loaderOf(file: OpenedFile, { files, end }: Walk, search: LoaderSearch | null): FoundLoader | null {
  if (file === takenStep(files)) {
    return search?.kind === 'found' ? { path: search.path, prefix: search.prefix } : null;
  }
  const isStarted = file.handler?.kind === 'elf' && end.kind === 'started';
  return isStarted && file.content.kind === 'elf' && file.content.loader !== null
    ? { path: file.content.loader, prefix: null }
    : null;
}

function outcomeOf(steps: readonly Step[], { end }: Walk, search: LoaderSearch | null): Outcome {
  const taken = takenStep(steps);
  const entry = taken?.handler.entry ?? null;
  if (isFailure(end)) return { kind: 'fails', errno: errnoOf(end), entry };
  if (end.kind !== 'started') {
    const errnoIfSame = end.kind === 'held-open' ? errnoOf(end.now) : null;
    return { kind: 'unknown', reason: unsureReason(end), errnoIfSame };
  }
  const [file] = steps;
  if (file?.content.kind === 'elf' && file.content.isLibrary) return { kind: 'starts-library', entry };
  if (taken === null) return { kind: 'runs-natively' };
  const runner = { interpreter: taken.handler.interpreter, entry: taken.handler.entry };
  return search === null || search.kind === 'found'
    ? { kind: 'runs-under', ...runner }
    : { kind: 'stops-under', ...runner, missingLoader: search.path };
}

/** Whether an interpreter is QEMU, by its version or else by its name. */
function isQemu(path: string, snapshot: Snapshot): boolean {
  const row = [...snapshot.targets, ...snapshot.formats].find((one) => one.interpreter?.path === path);
  const name = path.slice(path.lastIndexOf('/') + 1);
  return (row?.interpreter?.qemuVersion ?? null) !== null || isEmulatorName(name);
}
