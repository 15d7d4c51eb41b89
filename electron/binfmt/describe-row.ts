import type { FindingId } from './diagnosis/finding.ts';
import type { Entry } from './entry.ts';
import type { Interpreter, InterpreterFile } from './interpreters.ts';
import { isNameTaken, type Row, type Snapshot } from './snapshot.ts';

/** What a row's state means in practice, in a sentence. */
export function describeState(row: Row, snapshot: Snapshot): string {
  switch (row.state) {
    case 'Broken':
      return 'It is registered, but cannot work.';
    case 'Enabled':
      return describeEnabled(row, snapshot);
    case 'Disabled':
      return row.isTarget
        ? 'It is registered and disabled: these programs fail with “exec format error”.'
        : 'It is registered and disabled.';
    case 'Not registered':
      return isNameTaken(row, snapshot)
        ? `The emulator is installed, but no entry hands these programs to it: the one called qemu-${row.name} takes something else.`
        : 'The emulator is installed, but the kernel does not know of it.';
    case 'Native':
      return 'This machine runs these programs itself, without QEMU.';
    case 'Not installed':
      return 'No emulator for it was found.';
  }
}

function describeEnabled({ isTarget, entry }: Row, snapshot: Snapshot): string {
  if (snapshot.binfmtMisc === 'off')
    return 'It is enabled, but binfmt_misc as a whole is switched off: nothing runs.';
  if (entry?.kind === 'bpf') return 'The kernel asks a BPF program which files it takes.';
  if (!isTarget || entry === null) return 'The kernel hands these files to its interpreter.';
  const found = new Set(
    snapshot.findings.flatMap(({ id, subject }) =>
      subject.kind === 'entry' && subject.name === entry.name ? [id] : [],
    ),
  );
  const [, limit] = limits.find(([id]) => found.has(id)) ?? [null, null];
  return limit ?? 'Programs for this CPU run, also in containers.';
}

/** What findings about an enabled entry say of its programs, the gravest first. */
const limits: readonly (readonly [FindingId, string])[] = [
  [
    'interpreter-doubtful',
    'Whether programs for this CPU run is not certain: see what is said of the interpreter.',
  ],
  ['interpreter-not-for-all', 'Programs for this CPU run, but not for everybody, nor in containers.'],
  ['not-in-containers', 'Programs for this CPU run, but not in containers: flag F is missing.'],
  [
    'interpreter-dynamic',
    'Programs for this CPU run, but in most containers not, if the interpreter is the one there now: it is not static.',
  ],
];

/** What is wrong with the file of an interpreter, the end of a sentence; null when it can be executed. */
export const stateOfFile = (file: InterpreterFile): string | null => fileStates[file];

const fileStates: Readonly<Record<InterpreterFile, string | null>> = {
  executable: null,
  'not-executable': 'is not an executable file',
  noexec: 'is on a file system mounted with noexec',
  hidden: 'cannot be looked at by you',
  missing: 'is not there',
};

/** What is known of an interpreter, in a few words each. `entry` is the one that names it, null when none does. */
export const describeInterpreter = (
  { file, qemuVersion, linkage }: Interpreter,
  entry: Entry | null,
): readonly string[] =>
  [
    notesOnFile[file],
    qemuVersion !== null && `QEMU ${qemuVersion}`,
    linkage === 'static' && 'static: needs no other file',
    file === 'executable' && linkage === null && 'no ELF file that can be read: what it needs is not known',
    linkage === 'dynamic' && 'dynamic: needs its libraries, which most containers lack',
    entry === null && 'not registered yet',
  ].filter((fact) => fact !== false);

const notesOnFile: Readonly<Record<InterpreterFile, string>> = {
  executable: 'executable',
  'not-executable': 'not an executable file',
  noexec: 'on a file system mounted with noexec',
  hidden: 'cannot be looked at by you',
  missing: 'not on disk',
};

const flagMeanings: Readonly<Record<string, string>> = {
  P: 'preserve argv[0]: the program sees the name it was called by',
  O: 'open binary: the interpreter gets the opened file, so programs that may not be read run too',
  C: 'credentials: set-uid programs keep their rights while emulated, which is a risk',
  F: 'opened now: works in containers and chroots, and after its file is gone',
};

/** What a flag of an entry means in practice. */
export const describeFlag = (flag: string): string =>
  flagMeanings[flag] ?? 'a flag of a newer kernel that this program does not know';

/** What it means in practice that an entry has no flags. */
export const NO_FLAGS = 'none: works only where the interpreter’s path leads to it, so not in containers';
