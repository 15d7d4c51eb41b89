import { compareFileNames } from './binfmt/boot/conf-file-name.ts';
import type { Entry } from './binfmt/entry.ts';
import { confFileOf, confFilesOf } from './binfmt/exchange/conf.ts';
import { type DesiredEntry, desiredOf, entryOfDesired } from './binfmt/exchange/desired-entry.ts';
import { documentFileOf } from './binfmt/exchange/document.ts';
import type { Exported, ExportedFile } from './binfmt/exchange/exported.ts';
import { templateFilesOf } from './binfmt/exchange/template.ts';
import { capturesHost } from './binfmt/operations.ts';
import type { Registration } from './binfmt/register-line.ts';
import {
  interpreterPathOf,
  problemOfOptions,
  type RegisterOptions,
  registrationWith,
} from './binfmt/register-options.ts';
import { failure, type Result, success } from './binfmt/result.ts';
import type { Row, Snapshot } from './binfmt/snapshot.ts';
import {
  cpuOfMachine,
  emulatorNameOf,
  entryNameOf,
  familyOfMachine,
  type Target,
  targets,
} from './binfmt/targets.ts';
import { scriptFileOf } from './elevation/export-script.ts';

/** What a person wants written into files. */
export interface ExportWish {
  readonly subject: ExportSubject;
  readonly format: ExportFormat;
}

/** Entries as the kernel has them, or targets as they would be registered with some options. */
export type ExportSubject =
  | { readonly kind: 'as-registered'; readonly rows: RowSelection | 'registered' }
  | {
      readonly kind: 'with-options';
      readonly rows: RowSelection | 'registered' | 'all-targets';
      readonly options: RegisterOptions;
      /** The machine they are for, as `uname -m` names it there; null for this one. */
      readonly machine: string | null;
      /** Whether all targets are also those that this machine may run itself, as qemu-binfmt-conf.sh's `--ignore-family`. */
      readonly ownFamily: boolean;
    };

/** Rows of one of the window's tables, by name. */
export interface RowSelection {
  readonly table: 'targets' | 'formats';
  readonly names: readonly string[];
}

/** `conf-files`: a `.conf` file for each; `conf-file`: one for all of them. */
export type ExportFormat = 'conf-files' | 'conf-file' | 'templates' | 'script' | 'json';

/** The files that a wish makes. */
export interface ExportContents {
  readonly files: readonly ExportedFile[];
  /** What is left out, what these files cannot say and what to know of them, a sentence each. */
  readonly notes: readonly string[];
  /** Whether they say all that was wished for, be it in another order. */
  readonly isWhole: boolean;
  /** Why there is nothing to write, as a sentence; null when there is. */
  readonly problem: string | null;
}

/** The files that a wish makes on this system. */
export function exportContents({ subject, format }: ExportWish, snapshot: Snapshot): ExportContents {
  const chosen =
    subject.kind === 'as-registered' ? asRegistered(subject.rows, snapshot) : withOptions(subject, snapshot);
  if (!chosen.ok) return { files: [], notes: [], isWhole: false, problem: chosen.problem };
  const { files, notCarried, remarks = [] } = filesOf(format, chosen.value, snapshot);
  const lost = [...chosen.value.notCarried, ...notCarried];
  const written = files
    .filter(({ text }) => text !== '')
    .sort((one, other) => compareFileNames(one.name, other.name));
  return {
    files: written,
    notes: [...new Set([...chosen.value.notes, ...lost, ...remarks])],
    isWhole: lost.length === 0,
    problem: written.length === 0 ? 'None of it can be written in this format.' : null,
  };
}

interface Chosen {
  /** In match order. */
  readonly desired: readonly DesiredEntry[];
  /** As the kernel tells them, also those that cannot be registered again. */
  readonly entries: readonly Entry[];
  /** What cannot be registered again, a sentence each. */
  readonly notCarried: readonly string[];
  /** What is left out on purpose, and what to know of the rest. */
  readonly notes: readonly string[];
}

function filesOf(format: ExportFormat, { desired, entries }: Chosen, snapshot: Snapshot): Exported {
  switch (format) {
    case 'conf-files':
      return confFilesOf(desired);
    case 'conf-file':
      return confFileOf(desired, 'binfmt-registrations.conf');
    case 'templates':
      return templateFilesOf(desired);
    case 'script':
      return scriptFileOf(desired);
    case 'json':
      return documentFileOf({ ...snapshot, entries });
  }
}

function asRegistered(rows: RowSelection | 'registered', snapshot: Snapshot): Result<Chosen, string> {
  const names = new Set(rowsIn(rows, snapshot).flatMap((row) => row.entryNames));
  const entries = snapshot.entries.filter(({ name }) => names.has(name));
  if (entries.length === 0) {
    return failure(
      rows === 'registered' ? 'Nothing is registered.' : 'Nothing of what is selected is registered.',
    );
  }
  const { entries: desired, notCarried } = desiredOf(entries);
  return success({ desired, entries, notCarried, notes: [] });
}

function withOptions(
  { rows, options, machine: other, ownFamily }: Extract<ExportSubject, { kind: 'with-options' }>,
  { host, targets: targetRows, formats }: Snapshot,
): Result<Chosen, string> {
  const machine = other ?? host.machine;
  const family = familyOfMachine(machine);
  if (other !== null && !targets.some((target) => target.family === family)) {
    return failure(`QEMU knows no machine “${other}”. Name it as “uname -m” does there, such as aarch64.`);
  }
  const isAll = rows === 'all-targets';
  const chosen = isAll ? targetRows : rowsIn(rows, { targets: targetRows, formats });
  const byName = new Map(chosen.filter((row) => row.isTarget).map((row) => [row.name, row]));
  const isOwn = (target: Target): boolean =>
    isAll && (ownFamily ? emulatorNameOf(target) === cpuOfMachine(machine) : target.family === family);
  const wanted = targets.filter((target) => byName.has(target.name) && !isOwn(target));
  const problem = problemOfOptions(options, wanted);
  if (problem !== null) return failure(problem);

  const interpreters = wanted.map((target) => ({
    target,
    path: interpreterPathOf(target, options, byName.get(target.name)?.installed?.path ?? null),
  }));
  const registrations = interpreters.flatMap(({ target, path }) =>
    path === null ? [] : [registrationWith(target, path, options)],
  );
  // What runs on another machine, only its name tells.
  const takesOwn = (registration: Registration): boolean =>
    other === null
      ? capturesHost(registration, machine)
      : wanted.some(
          (target) =>
            entryNameOf(target) === registration.name && emulatorNameOf(target) === cpuOfMachine(machine),
        );
  const [there, one] = other === null ? ['this machine', 'this one'] : ['that machine', 'that one'];
  if (registrations.length === 0) {
    if (wanted.length > 0) {
      return failure('No emulator for them is installed here. Name them by directory and suffix.');
    }
    return failure(
      rows === 'registered' ? 'No target is registered.' : 'None of what is selected is a target of QEMU.',
    );
  }
  const desired = registrations.map((registration) => ({ registration, enabled: true }));
  const notes = [
    ...noteOn(
      `Left out, as qemu-binfmt-conf.sh does it, because ${there} (${machine}) runs them itself`,
      targets.filter(isOwn),
    ),
    ...noteOn(
      'Left out, because these options are for QEMU’s targets only',
      isAll ? [] : chosen.filter((row) => !row.isTarget),
    ),
    ...noteOn(
      'Left out, because no emulator for them is installed',
      interpreters.filter(({ path }) => path === null).map(({ target }) => target),
    ),
    ...noteOn(
      `For other machines only, because on ${one} (${machine}) they would take the machine’s own programs`,
      registrations.filter(takesOwn),
    ),
  ];
  return success({ desired, entries: desired.map(entryOfDesired), notCarried: [], notes });
}

/** The rows with an entry, or those of these names. */
function rowsIn(
  rows: RowSelection | 'registered',
  { targets: targetRows, formats }: Pick<Snapshot, 'targets' | 'formats'>,
): readonly Row[] {
  if (rows === 'registered') return [...targetRows, ...formats].filter(({ entry }) => entry !== null);
  const present = rows.table === 'targets' ? targetRows : formats;
  return present.filter((row) => rows.names.includes(row.name));
}

/** A sentence that says something of all of these; none where there are none. */
const noteOn = (sentence: string, things: readonly { readonly name: string }[]): readonly string[] =>
  things.length === 0 ? [] : [`${sentence}: ${things.map(({ name }) => name).join(', ')}.`];
