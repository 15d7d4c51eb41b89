import type { Row, Snapshot } from '../../electron/ipc/contract.ts';

/** What a row's state means in practice, in one or two sentences. */
export function stateSentence(row: Row, snapshot: Snapshot): string {
  switch (row.state) {
    case 'Broken':
      return 'It is registered, but cannot work.';
    case 'Enabled':
      return enabledSentence(row, snapshot);
    case 'Disabled':
      return row.isTarget
        ? 'It is registered and disabled: these programs fail with “exec format error”. Switch it on to run them.'
        : 'It is registered and disabled. Switch it on to use it.';
    case 'Not registered':
      return 'The emulator is installed, but the kernel does not know of it. Switch it on to register it.';
    case 'Native':
      return 'This machine runs these programs itself, without QEMU.';
    case 'Not installed':
      return 'No emulator for it was found. Install QEMU’s user-mode emulators, then switch it on.';
  }
}

function enabledSentence({ isTarget, entry, interpreter }: Row, snapshot: Snapshot): string {
  if (snapshot.binfmtMisc === 'off')
    return 'It is enabled, but binfmt_misc as a whole is switched off: nothing runs.';
  if (!isTarget || entry === null || entry.kind === 'unreadable')
    return 'The kernel hands these files to its interpreter.';
  if (!entry.flags.includes('F'))
    return 'Programs for this CPU run, but not in containers: flag F is missing.';
  return interpreter?.linkage === 'dynamic'
    ? 'Programs for this CPU run, but in most containers not: the interpreter is not static.'
    : 'Programs for this CPU run, also in containers.';
}
