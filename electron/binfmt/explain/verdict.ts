import {
  type Action,
  enableAction,
  mountAction,
  registerAction,
  switchOnAction,
} from '../diagnosis/action.ts';
import { findingsOf } from '../diagnosis/findings.ts';
import { machineNames } from '../elf-header.ts';
import type { Snapshot } from '../snapshot.ts';
import type { Access, ElfContent, Step } from './explanation.ts';
import type { LoaderSearch } from './loader.ts';
import type { Walk } from './walk.ts';

export interface Advice {
  readonly verdict: string;
  readonly action: Action | null;
}

/** What the kernel says of an errno, as tools print it. */
const messages: Readonly<Record<string, string>> = {
  EACCES: 'Permission denied',
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
  if (errno === null) return { verdict: successOf(walked, loader), action: null };
  const { verdict, action } = failureOf(walked, snapshot);
  return { verdict: `It does not run (${messages[errno] ?? errno}): ${verdict}`, action };
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

function unknownFormat(step: Step, isFirst: boolean, snapshot: Snapshot): Advice {
  const file = isFirst ? 'it' : `its interpreter ${step.path}`;
  const { content } = step;
  const switchedOff = step.entries.find((entry) => entry.kind === 'master-switch-off');
  if (switchedOff !== undefined) {
    return {
      verdict: `the entry ${switchedOff.name} would take ${file}, but binfmt_misc is switched off. Switch it on.`,
      action: switchOnAction,
    };
  }
  const disabled = step.entries.find((entry) => entry.kind === 'disabled');
  if (disabled !== undefined) {
    return {
      verdict: `the entry ${disabled.name} would take ${file}, but is disabled. Enable it.`,
      action: enableAction(disabled.name),
    };
  }
  switch (content.kind) {
    case 'elf':
      return foreignProgram(content, file, snapshot);
    case 'empty':
      return { verdict: `${file} is empty.`, action: null };
    case 'broken-script':
      return { verdict: `${file} begins with #!, and ${content.reason}.`, action: null };
    case 'other':
      return content.looksLikeText
        ? {
            verdict: `${file} is text without a #! line. Shells run such a file themselves, other programs fail. Add a line such as #!/bin/sh.`,
            action: null,
          }
        : { verdict: `no entry takes ${file}, and the kernel does not know the format.`, action: null };
    default:
      return { verdict: `the kernel does not know what ${file} is.`, action: null };
  }
}

function foreignProgram(elf: ElfContent, file: string, snapshot: Snapshot): Advice {
  const cpu = machineNames.get(elf.machine) ?? `a CPU with number ${elf.machine}`;
  if (elf.target === null) {
    const isProgram = elf.type === 2 || elf.type === 3;
    return {
      verdict: isProgram
        ? `${file} is a program for ${cpu}, and no entry takes it.`
        : `${file} is an ELF file, but no program.`,
      action: null,
    };
  }
  const row = snapshot.targets.find((one) => one.isTarget && one.name === elf.target);
  const is = `${file} is a program for ${cpu}`;
  switch (snapshot.binfmtMisc) {
    case 'unsupported':
      return { verdict: `${is}, and this kernel has no binfmt_misc to hand it to QEMU.`, action: null };
    case 'not-loaded':
    case 'not-mounted':
      return row?.state === 'Native'
        ? damaged(file)
        : { verdict: `${is}, and binfmt_misc is not mounted. Mount it.`, action: mountAction };
    case 'off':
    case 'on':
  }
  switch (row?.state) {
    case 'Native':
      return damaged(file);
    case 'Not registered':
      return {
        verdict: `${is}, and no entry takes it. Register ${elf.target}.`,
        action: registerAction(elf.target),
      };
    default: {
      const { installCommand } = snapshot.host;
      const how = installCommand === null ? '' : ` Install one: ${installCommand}`;
      return row?.state === 'Not installed'
        ? { verdict: `${is}, and no emulator for it was found.${how}`, action: null }
        : { verdict: `${is}, and no entry takes it.`, action: null };
    }
  }
}

const damaged = (file: string): Advice => ({
  verdict: `${file} looks like one of this machine’s own programs, but this kernel refuses it: it is cut off, damaged, or of a kind the kernel was built without.`,
  action: null,
});
