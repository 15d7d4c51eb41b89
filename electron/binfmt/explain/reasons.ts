import { isProgramType, machineNames, typeNames } from '../elf-header.ts';
import type { Host } from '../host.ts';
import type { Access, Content, ElfContent, Step } from './explanation.ts';
import { hostRuns } from './native-elf.ts';
import type { Failure } from './walk.ts';

/** Why the kernel does not start a file. */
export interface Reason {
  /** The file it is about, counted from the first one on the way. */
  readonly step: number;
  /** What is wrong with that file, the end of a sentence: `is not there`. */
  readonly state: string;
  /** What would help, a sentence without its full stop; null where that is plain, or nothing would. */
  readonly remedy: string | null;
}

/** Whether an errno says that there is no file at a path. */
export const isAbsence = (errno: string): boolean =>
  ['ENOENT', 'ENOTDIR', 'ELOOP', 'ENAMETOOLONG'].includes(errno);

/** What the kernel says of an errno, as tools print it. */
export const messageOf = (errno: string): string => messages[errno] ?? errno;

const messages: Readonly<Record<string, string>> = {
  EACCES: 'Permission denied',
  EIO: 'Input/output error',
  ELIBBAD: 'Accessing a corrupted shared library',
  ELOOP: 'Too many levels of symbolic links',
  ENAMETOOLONG: 'File name too long',
  ENOENT: 'No such file or directory',
  ENOEXEC: 'Exec format error',
  ENOTDIR: 'Not a directory',
};

/** The errno with which execve(2) ends. */
export function errnoOf(failure: Failure): string {
  switch (failure.kind) {
    case 'refused':
    case 'loader-refused':
      return failure.errno;
    case 'no-handler':
    case 'second-descriptor':
      return 'ENOEXEC';
    case 'too-deep':
      return 'ELOOP';
  }
}

/** Why a way ends so, whoever led to its first file. */
export function reasonOf(
  files: readonly Pick<Step, 'path' | 'access' | 'content' | 'handler'>[],
  failure: Failure,
  host: Host,
): Reason {
  const step = files.length - 1;
  const last = files[step];
  if (last === undefined) throw new RangeError('There is a file for every step.');
  switch (failure.kind) {
    case 'refused':
      return files[step - 1]?.handler?.kind === 'script' && last.path.endsWith('\r')
        ? { step, ...windowsLine(files[step - 1]?.path ?? '') }
        : { step, ...refusalOf(last.access, last.path) };
    case 'loader-refused':
      return {
        step,
        state: `needs the loader ${failure.loader}, ${failure.errno === 'ENOENT' ? 'which is not there' : 'which this machine cannot use'}`,
        remedy: 'Install the libraries it was built for',
      };
    case 'second-descriptor':
      return {
        step: step - 1,
        state: `needs an interpreter itself, and with flag O or C the kernel hands over the opened program to one only`,
        remedy: 'Register a program that is no script, or register it without these flags',
      };
    case 'too-deep':
      return {
        step: 0,
        state: `needs an interpreter that needs another one, and so on, and the kernel follows no more than five: ${files
          .slice(0, 7)
          .map(({ path }) => path)
          .join(', ')}`,
        remedy: null,
      };
    case 'no-handler':
      return { step, ...unknownContent(last.content, host) };
  }
}

type AboutFile = Omit<Reason, 'step'>;

function refusalOf(access: Access, path: string): AboutFile {
  if (access.kind === 'executable') throw new RangeError('What can be executed is not refused.');
  switch (access.reason) {
    case 'cannot-be-reached':
      return reachFailures[access.errno] ?? { state: `cannot be reached (${access.errno})`, remedy: null };
    case 'not-a-file':
      return { state: path === '' ? 'is no name' : 'is no file that could be executed', remedy: null };
    case 'no-execute-bit':
      return { state: 'is not an executable file', remedy: `Make it executable (chmod +x ${path})` };
    case 'not-executable-for-you':
      return {
        state: 'may be executed by others, but not by you',
        remedy: `Let everybody execute it (chmod a+rx ${path})`,
      };
    case 'mounted-noexec':
      return {
        state: 'is on a file system mounted with noexec, from which nothing is executed',
        remedy: 'Move it elsewhere, or mount that without noexec',
      };
  }
}

const reachFailures: Readonly<Record<string, AboutFile>> = {
  ENOENT: { state: 'is not there', remedy: null },
  EACCES: { state: 'lies in a directory that is closed to you', remedy: 'Open that directory to everybody' },
  ENOTDIR: { state: 'is not there: a part of its path is no directory', remedy: null },
  ELOOP: { state: 'is behind links that lead in a circle', remedy: null },
  ENAMETOOLONG: { state: 'has too long a name', remedy: null },
};

const windowsLine = (script: string): AboutFile => ({
  state:
    'is not there: the #! line ends as on Windows, and the carriage return before its end counts as a part of the name',
  remedy: `Give the script Unix line endings (sed -i 's/\\r$//' ${script})`,
});

/** Why no loader of the kernel's takes a file with that content. */
function unknownContent(content: Content, host: Host): AboutFile {
  switch (content.kind) {
    case 'elf':
      return unknownElf(content, host);
    case 'empty':
      return { state: 'is empty', remedy: null };
    case 'broken-script':
      return { state: `begins with #!, and ${content.reason}`, remedy: null };
    case 'other':
      return content.looksLikeText
        ? {
            state: 'is text without a #! line, which shells run themselves and nothing else does',
            remedy: 'Add a line such as #!/bin/sh',
          }
        : { state: 'is taken by no entry, and the kernel does not know the format', remedy: null };
    default:
      return { state: 'is nothing that the kernel knows', remedy: null };
  }
}

function unknownElf(elf: ElfContent, host: Host): AboutFile {
  if (!isProgramType(elf.type)) {
    return { state: `is an ELF ${typeNames.get(elf.type) ?? 'file'}, and no program`, remedy: null };
  }
  if (isForeign(elf, host)) {
    return {
      state: `is a program for ${cpuNameOf(elf)}, which this machine (${host.machine}) cannot run`,
      remedy: null,
    };
  }
  return {
    state:
      'looks like one of this machine’s own programs, but this kernel refuses it: it is cut off, damaged, or of a kind the kernel was built without',
    remedy: null,
  };
}

/** Whether it is a program for a CPU that the machine has not. */
export const isForeign = (content: Content, { machine }: Host): boolean =>
  content.kind === 'elf' &&
  isProgramType(content.type) &&
  !hostRuns(machine, content.machine, content.elfClass);

export const cpuNameOf = ({ machine }: Pick<ElfContent, 'machine'>): string =>
  machineNames.get(machine) ?? `a CPU with number ${machine}`;
