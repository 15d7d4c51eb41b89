import { isProgramType } from '../elf-header.ts';
import { firstToTake } from '../matcher.ts';
import type { Snapshot } from '../snapshot.ts';
import type { ElfContent, Handler } from './explanation.ts';
import type { Inspect, InspectedFile } from './inspect-file.ts';
import { byteOrderOfHost, nativeClassOf } from './native-elf.ts';

/** What decides the kernel's way. */
export type System = Pick<Snapshot, 'host' | 'binfmtMisc' | 'entries'>;

/** One file that the kernel opens on the way. */
export interface OpenedFile extends InspectedFile {
  readonly path: string;
  /** The kernel uses the file it opened when the entry was registered (flag F), whatever is at the path now. */
  readonly heldOpen: boolean;
  readonly handler: Handler | null;
}

/** How the kernel's way ends; what it is about is the last file. */
export type End =
  | { readonly kind: 'started' }
  | Failure
  /** The kernel runs a file it holds open. Were that the one that is at its path now, it would end so. */
  | { readonly kind: 'held-open'; readonly now: Failure }
  | { readonly kind: 'untold'; readonly reason: string };

/** How execve(2) fails. */
export type Failure =
  /** The last file cannot be opened to be executed. */
  | { readonly kind: 'refused'; readonly errno: string }
  /** No loader of the kernel's takes the last file. */
  | { readonly kind: 'no-handler' }
  /** Flag O promised the first file opened, and there is a second one to pass by then. */
  | { readonly kind: 'second-descriptor' }
  | { readonly kind: 'too-deep' }
  /** The last file is the machine's own kind, and its loader is not. */
  | { readonly kind: 'loader-refused'; readonly errno: string; readonly loader: string };

export interface Walk {
  /** Never empty. */
  readonly files: readonly OpenedFile[];
  readonly end: End;
}

const UNREAD = 'you may execute it, but not read it';

/** `exec_binprm()` in fs/exec.c gives up with ELOOP when `depth > 5`: this many interpreters in a row. */
const MOST_INTERPRETERS = 5;

/**
 * Goes the way of execve(2): opens the file, asks binfmt_misc, then the loader of scripts, then that of ELF
 * programs (in this order), and goes on with the interpreter that one of them names (`exec_binprm()`,
 * `search_binary_handler()` in fs/exec.c).
 */
export const walk = (path: string, system: System, inspect: Inspect): Promise<Walk> =>
  goOn(path, null, system, inspect);

/** The rest of the way, of a file that an entry takes: with its interpreter as it is on disk now, whatever the flags. */
export const walkFromEntry = (
  {
    name,
    interpreter,
    flags,
  }: { readonly name: string; readonly interpreter: string; readonly flags: string },
  system: System,
  inspect: Inspect,
): Promise<Walk> => {
  const handler = { kind: 'binfmt_misc', entry: name, interpreter, flags: flags.replace('F', '') } as const;
  return goOn(interpreter, handler, system, inspect);
};

/** From the file at the path on, to which the handler led; null for the file that was to be executed. */
async function goOn(path: string, handler: Handler | null, system: System, inspect: Inspect): Promise<Walk> {
  const files: OpenedFile[] = [];
  const endWith = (end: CertainEnd): Walk => {
    // These two the kernel finds before it looks at the last file.
    const isOfLast = end.kind !== 'second-descriptor' && end.kind !== 'too-deep';
    const lookedAt = isOfLast ? files : files.slice(0, -1);
    const isHedged = isFailure(end) && lookedAt.some((file) => file.heldOpen);
    return { files, end: isHedged ? { kind: 'held-open', now: end } : end };
  };
  let before = handler;
  let current = path;
  // The first file's descriptor is kept for the interpreter; a second one has no place.
  let handedOver = passesFile(handler) ? 0 : null;
  for (let interpreters = handler === null ? 0 : 1; ; interpreters++) {
    const heldOpen = before?.kind === 'binfmt_misc' && before.flags.includes('F');
    // A script may name nothing, and nothing leads to the directory one is in.
    const file = openedFile(current, heldOpen, await inspect(current === '' ? '.' : current), system);
    files.push(file);
    if (!heldOpen && file.access.kind === 'refused') {
      return endWith({ kind: 'refused', errno: file.access.errno });
    }
    if (handedOver !== null && handedOver > 0) return endWith({ kind: 'second-descriptor' });
    if (interpreters > MOST_INTERPRETERS) return endWith({ kind: 'too-deep' });
    if (file.head === null) {
      // What the kernel holds open it could execute once.
      return endWith(heldOpen ? { kind: 'started' } : { kind: 'untold', reason: UNREAD });
    }
    if (file.handler === null) return endWith({ kind: 'no-handler' });
    if (file.handler.kind === 'elf') return endWith(await endOfElf(file, file.head, system, inspect));
    before = file.handler;
    current = before.interpreter;
    if (handedOver !== null) handedOver++;
    else if (passesFile(before)) handedOver = 0;
  }
}

type CertainEnd = Exclude<End, { kind: 'held-open' }>;

export const isFailure = (end: End): end is Failure =>
  end.kind !== 'started' && end.kind !== 'held-open' && end.kind !== 'untold';

/** C implies O, and the kernel prints both; a newer one might not. */
const passesFile = (handler: Handler | null): boolean =>
  handler?.kind === 'binfmt_misc' && /[OC]/.test(handler.flags);

function openedFile(path: string, heldOpen: boolean, file: InspectedFile, system: System): OpenedFile {
  const { access, head } = file;
  const isOpened = heldOpen || access.kind === 'executable';
  const handler = head === null || !isOpened ? null : handlerOf({ head, path }, file, system);
  return { ...file, path, heldOpen, handler };
}

function handlerOf(
  matched: { readonly head: Uint8Array; readonly path: string },
  { content }: InspectedFile,
  system: System,
): Handler | null {
  const entry = system.binfmtMisc === 'on' ? firstToTake(system.entries, matched) : undefined;
  if (entry?.kind === 'magic' || entry?.kind === 'extension') {
    const { name, interpreter, flags } = entry;
    return { kind: 'binfmt_misc', entry: name, interpreter, flags };
  }
  if (content.kind === 'script') {
    return { kind: 'script', interpreter: content.interpreter, argument: content.argument };
  }
  return content.kind === 'elf' && isNative(content, matched.head, system) ? { kind: 'elf' } : null;
}

/** Whether the kernel's ELF loader takes the file (`load_elf_binary()` in fs/binfmt_elf.c). */
function isNative(elf: ElfContent, head: Uint8Array, { host }: System): boolean {
  const elfClass = nativeClassOf(head, host.machine);
  if (elfClass === null) return false;
  // The loader does not look at the header's own class and order; where they are wrong, so is what we read.
  const isReadAsByUs = elf.elfClass === elfClass && elf.byteOrder === byteOrderOfHost(host.machine);
  if (!isReadAsByUs) return true;
  return !elf.isDamaged && isProgramType(elf.type);
}

/** Opens the loader of one of the machine's own programs, as the kernel does. */
async function endOfElf(
  file: OpenedFile,
  head: Uint8Array,
  { host }: System,
  inspect: Inspect,
): Promise<CertainEnd> {
  const loader = file.content.kind === 'elf' ? file.content.loader : null;
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
