import type { Action } from '../diagnosis/action.ts';
import { findingsOf } from '../diagnosis/findings.ts';
import type { Snapshot } from '../snapshot.ts';
import type { Access, Step } from './explanation.ts';
import type { LoaderSearch } from './loader.ts';
import { type Advice, unknownFormat } from './unknown-format.ts';
import type { Walk } from './walk.ts';

/** What the kernel says of an errno, as tools print it. */
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

/** The errno with which execve(2) ends, or null when it starts something or nobody can tell. */
export function errnoOf({ end }: Walk): string | null {
  switch (end.kind) {
    case 'started':
    case 'untold':
      return null;
    case 'refused':
    case 'loader-refused':
      return end.errno;
    case 'no-handler':
    case 'second-descriptor':
      return 'ENOEXEC';
    case 'too-deep':
      return 'ELOOP';
  }
}

/** What the way ends with, as sentences, and what to do about it. */
export function adviceFor(walked: Walk, loader: LoaderSearch, snapshot: Snapshot): Advice {
  const errno = errnoOf(walked);
  const doubt = doubtOf(walked, snapshot);
  if (errno === null) return { verdict: successOf(walked, loader) + doubt, action: null };
  const { verdict, action } = failureOf(walked, snapshot);
  return { verdict: `It does not run (${messages[errno] ?? errno}): ${verdict}${doubt}`, action };
}

/** An enabled entry that is asked before the file is taken, and whose answer only its BPF program knows. */
function doubtOf({ steps }: Walk, snapshot: Snapshot): string {
  if (snapshot.binfmtMisc !== 'on') return '';
  const unsure = new Set(
    snapshot.entries.filter((entry) => entry.kind === 'bpf' && entry.enabled).map((entry) => entry.name),
  );
  for (const { entries } of steps) {
    for (const { name, kind } of entries) {
      if (kind === 'takes') break;
      if (unsure.has(name)) return ` Unless the entry ${name} takes it: only its BPF program knows.`;
    }
  }
  return '';
}

function successOf({ steps, end }: Walk, loader: LoaderSearch): string {
  if (end.kind === 'untold') return `Nobody can tell from here: ${end.reason}.`;
  const taken = steps.find((step) => step.handler?.kind === 'binfmt_misc');
  if (taken?.handler?.kind === 'binfmt_misc') {
    const { entry, interpreter } = taken.handler;
    const who = taken === steps[0] ? 'it' : `its interpreter ${taken.path}`;
    if (loader.kind === 'missing') {
      const help =
        loader.prefix === null
          ? 'Install the libraries of its CPU, and set QEMU_LD_PREFIX to the directory they are under.'
          : `Set QEMU_LD_PREFIX=${loader.prefix} to use the libraries that are there.`;
      return `It starts under ${interpreter} (entry ${entry}) and stops at once: the loader ${loader.loader} for its CPU is not there. ${help}`;
    }
    return `It runs under ${interpreter}: the entry ${entry} takes ${who}.`;
  }
  return steps.length === 1
    ? 'This machine runs it itself.'
    : `It runs: its interpreter ${steps[1]?.path} is one of this machine’s own programs.`;
}

function failureOf({ steps, end }: Walk, snapshot: Snapshot): Advice {
  const last = steps.at(-1);
  const before = steps.at(-2);
  if (last === undefined) throw new RangeError('There is a step for every file.');
  const isFirst = before === undefined;
  switch (end.kind) {
    case 'refused':
      return {
        verdict: `${whose(steps)} ${refusalOf(last.access, last.path)}`,
        action: isFirst ? null : actionForEntryOf(before, snapshot),
      };
    case 'loader-refused':
      return {
        verdict: `${isFirst ? 'it' : last.path} needs the loader ${end.loader}, ${end.errno === 'ENOENT' ? 'which is not there' : 'which this machine cannot use'}. Install the libraries it was built for.`,
        action: null,
      };
    case 'second-descriptor':
      return {
        verdict: `an entry with flag O or C hands it over opened, and that works only when the interpreter needs no interpreter itself; ${before?.path} does. Register it with a program that is no script.`,
        action: null,
      };
    case 'too-deep':
      return {
        verdict: `each interpreter needs another one, and the kernel follows no more than five: ${steps
          .slice(0, 7)
          .map((step) => step.path)
          .join(', ')}.`,
        action: null,
      };
    case 'no-handler':
      return unknownFormat(last, isFirst, snapshot);
    case 'started':
    case 'untold':
      throw new RangeError('That is no failure.');
  }
}

/** `it`, or the interpreter whose turn it is, named by who asks for it. */
function whose(steps: readonly Step[]): string {
  const last = steps.at(-1);
  const handler = steps.at(-2)?.handler;
  if (handler?.kind === 'binfmt_misc') return `the interpreter ${last?.path} of the entry ${handler.entry}`;
  return handler?.kind === 'script' ? `the interpreter “${last?.path}” that its #! line names` : 'the file';
}

function refusalOf(access: Access, path: string): string {
  if (access.kind === 'executable') return 'can be executed.';
  switch (access.reason) {
    case 'cannot-be-reached':
      return reachFailures[access.errno] ?? `cannot be reached (${access.errno}).`;
    case 'not-a-file':
      return path === '' ? 'is no name.' : 'is no file that could be executed.';
    case 'no-execute-bit':
      return `is not marked executable. Mark it: chmod +x ${path}`;
    case 'not-executable-for-you':
      return 'may be executed by others, but not by you.';
    case 'mounted-noexec':
      return 'is on a file system mounted with noexec: nothing on it is executed. Move it elsewhere, or mount that without noexec.';
  }
}

const reachFailures: Readonly<Record<string, string>> = {
  ENOENT: 'is not there.',
  EACCES: 'lies in a directory that is closed to you.',
  ENOTDIR: 'is not there: a part of its path is no directory.',
  ELOOP: 'is behind links that lead in a circle.',
  ENAMETOOLONG: 'has too long a name.',
};

/** What the diagnosis has to offer for the entry that names the interpreter. */
function actionForEntryOf({ handler }: Step, snapshot: Snapshot): Action | null {
  if (handler?.kind !== 'binfmt_misc') return null;
  const wanted = ['interpreter-missing', 'interpreter-not-executable'];
  const finding = findingsOf(snapshot).find(
    ({ id, subject }) => subject.kind === 'entry' && subject.name === handler.entry && wanted.includes(id),
  );
  return finding?.action ?? null;
}
