import type { Entry } from './entry.ts';
import type { Interpreter } from './interpreters.ts';
import type { Row, Snapshot } from './snapshot.ts';

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
      return 'The emulator is installed, but the kernel does not know of it.';
    case 'Native':
      return 'This machine runs these programs itself, without QEMU.';
    case 'Not installed':
      return 'No emulator for it was found.';
  }
}

function describeEnabled({ isTarget, entry, interpreter }: Row, snapshot: Snapshot): string {
  if (snapshot.binfmtMisc === 'off')
    return 'It is enabled, but binfmt_misc as a whole is switched off: nothing runs.';
  if (entry?.kind === 'bpf') return 'The kernel asks a BPF program which files it takes.';
  if (!isTarget || entry === null || entry.kind === 'unreadable')
    return 'The kernel hands these files to its interpreter.';
  if (!entry.flags.includes('F'))
    return 'Programs for this CPU run, but not in containers: flag F is missing.';
  return interpreter?.linkage === 'dynamic'
    ? 'Programs for this CPU run, but in most containers not: the interpreter is not static.'
    : 'Programs for this CPU run, also in containers.';
}

/** What is known of an interpreter, in a few words each. `entry` is the one that names it, null when none does. */
export const describeInterpreter = (
  { file, qemuVersion, linkage }: Interpreter,
  entry: Entry | null,
): readonly string[] =>
  [
    file === 'missing' && 'not on disk',
    file === 'not-executable' && 'not an executable file',
    qemuVersion !== null && `QEMU ${qemuVersion}`,
    linkage === 'static' && 'static: needs no other file',
    linkage === 'dynamic' && 'dynamic: needs its libraries, which most containers lack',
    entry === null && 'not registered yet',
  ].filter((fact) => fact !== false);

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
