import { firstToTake } from '../matcher.ts';
import type { Snapshot } from '../snapshot.ts';
import { describeContent } from './describe.ts';
import { entryVerdicts } from './entry-verdicts.ts';
import type { ElfContent, Handler, Step } from './explanation.ts';
import type { Inspect, InspectedFile } from './inspect-file.ts';
import { byteOrderOfHost, nativeClassOf } from './native-elf.ts';

/** How the kernel's way ends; what it is about is the last step. */
export type End =
  | { readonly kind: 'started' }
  /** The last file cannot be opened to be executed. */
  | { readonly kind: 'refused'; readonly errno: string }
  /** No loader of the kernel's takes the last file. */
  | { readonly kind: 'no-handler' }
  /** Flag O promised the first file opened, and there is a second one to pass by then. */
  | { readonly kind: 'second-descriptor' }
  | { readonly kind: 'too-deep' }
  /** The last file is the machine's own kind, and its loader is not. */
  | { readonly kind: 'loader-refused'; readonly errno: string; readonly loader: string }
  | { readonly kind: 'untold'; readonly reason: string };

export interface Walk {
  readonly steps: readonly Step[];
  readonly end: End;
}

/** `exec_binprm()` in fs/exec.c gives up with ELOOP when `depth > 5`: this many interpreters in a row. */
const MOST_INTERPRETERS = 5;
const EXECUTABLE = 2;
const POSITION_INDEPENDENT = 3;

/**
 * Goes the way of execve(2): opens the file, asks binfmt_misc, then the loader of scripts, then that of ELF
 * programs (in this order), and goes on with the interpreter that one of them names (`exec_binprm()`,
 * `search_binary_handler()` in fs/exec.c).
 */
export async function walk(path: string, snapshot: Snapshot, inspect: Inspect): Promise<Walk> {
  const steps: Step[] = [];
  const endWith = (end: End): Walk => ({ steps, end });
  let current = path;
  let heldOpen = false;
  let passesDescriptor = false;
  for (let interpreters = 0; ; interpreters++) {
    // A script may name nothing, and nothing leads to the directory one is in.
    const file = await inspect(current === '' ? '.' : current);
    const step = stepOf(current, heldOpen, file, snapshot);
    steps.push(step);
    if (heldOpen && file.head === null) return endWith({ kind: 'started' });
    if (!heldOpen && file.access.kind === 'refused') {
      return endWith({ kind: 'refused', errno: file.access.errno });
    }
    // The first file's descriptor is kept for the interpreter; a second one has no place.
    if (passesDescriptor && steps.length > firstWithDescriptor(steps) + 2) {
      return endWith({ kind: 'second-descriptor' });
    }
    if (interpreters > MOST_INTERPRETERS) return endWith({ kind: 'too-deep' });
    if (file.head === null) {
      return endWith({ kind: 'untold', reason: 'you may execute it, but not read it' });
    }
    const { handler } = step;
    if (handler === null) return endWith({ kind: 'no-handler' });
    if (handler.kind === 'elf') return endWith(await endOfElf(step, file.head, snapshot, inspect));
    heldOpen = handler.kind === 'binfmt_misc' && handler.flags.includes('F');
    passesDescriptor ||= passesFile(handler);
    current = handler.interpreter;
  }
}

/** C implies O, and the kernel prints both; a newer one might not. */
const passesFile = (handler: Handler | null): boolean =>
  handler?.kind === 'binfmt_misc' && /[OC]/.test(handler.flags);

const firstWithDescriptor = (steps: readonly Step[]): number =>
  steps.findIndex((step) => passesFile(step.handler));

function stepOf(path: string, heldOpen: boolean, file: InspectedFile, snapshot: Snapshot): Step {
  const { access, content, head } = file;
  const isOpened = heldOpen || access.kind === 'executable';
  const matched = head === null || !isOpened ? null : { head, path };
  return {
    path,
    heldOpen,
    access,
    content,
    description: describeContent(content),
    entries: matched === null ? [] : entryVerdicts(snapshot, matched),
    handler: matched === null ? null : handlerOf(matched, file, snapshot),
  };
}

function handlerOf(
  matched: { readonly head: Uint8Array; readonly path: string },
  { content }: InspectedFile,
  snapshot: Snapshot,
): Handler | null {
  const entry = snapshot.binfmtMisc === 'on' ? firstToTake(snapshot.entries, matched) : undefined;
  if (entry?.kind === 'magic' || entry?.kind === 'extension') {
    const { name, interpreter, flags } = entry;
    return { kind: 'binfmt_misc', entry: name, interpreter, flags };
  }
  if (content.kind === 'script') {
    return { kind: 'script', interpreter: content.interpreter, argument: content.argument };
  }
  return content.kind === 'elf' && isNative(content, matched.head, snapshot) ? { kind: 'elf' } : null;
}

/** Whether the kernel's ELF loader takes the file (`load_elf_binary()` in fs/binfmt_elf.c). */
function isNative(elf: ElfContent, head: Uint8Array, { host }: Snapshot): boolean {
  const elfClass = nativeClassOf(head, host.machine);
  if (elfClass === null) return false;
  // The loader does not look at the header's own class and order; where they are wrong, so is what we read.
  const isReadAsByUs = elf.elfClass === elfClass && elf.byteOrder === byteOrderOfHost(host.machine);
  if (!isReadAsByUs) return true;
  return !elf.isDamaged && (elf.type === EXECUTABLE || elf.type === POSITION_INDEPENDENT);
}

/** Opens the loader of one of the machine's own programs, as the kernel does. */
async function endOfElf(step: Step, head: Uint8Array, { host }: Snapshot, inspect: Inspect): Promise<End> {
  const loader = step.content.kind === 'elf' ? step.content.loader : null;
  if (loader === null) return { kind: 'started' };
  const { access, content, head: loaderHead, size } = await inspect(loader === '' ? '.' : loader);
  if (access.kind === 'refused') return { kind: 'loader-refused', errno: access.errno, loader };
  if (loaderHead === null) return { kind: 'started' };
  const order = byteOrderOfHost(host.machine);
  const machineAt = order === 'little' ? [18, 19] : [19, 18];
  const isSameCpu = machineAt.every((position) => loaderHead[position] === head[position]);
  if (content.kind === 'elf' && isSameCpu) return { kind: 'started' };
  // A file shorter than an ELF header is not looked at any further (`elf_read()`).
  const headerSize = nativeClassOf(head, host.machine) === 32 ? 52 : 64;
  return { kind: 'loader-refused', errno: size < headerSize ? 'EIO' : 'ELIBBAD', loader };
}
