import { machineNames, osAbiNames, typeNames } from '../elf-header.ts';
import type { Content, EntryVerdict, Step } from './explanation.ts';

/** What a file is, in words. */
export function describeContent(content: Content): string {
  switch (content.kind) {
    case 'elf': {
      const { elfClass, byteOrder, machine, osAbi, type, loader, isDamaged } = content;
      const facts = [
        `ELF ${typeNames.get(type) ?? `file of type ${type}`}`,
        `${elfClass}-bit ${byteOrder}-endian`,
        machineNames.get(machine) ?? `machine ${machine}`,
        osAbiNames.get(osAbi) ?? `OS/ABI ${osAbi}`,
        isDamaged ? 'cut off or damaged' : loader === null ? 'static' : `loader ${loader}`,
      ];
      return facts.join(', ');
    }
    case 'script':
      return `script for ${content.interpreter || '(nothing)'}${content.argument === null ? '' : ` with the argument “${content.argument}”`}`;
    case 'broken-script':
      return `script without an interpreter: ${content.reason}`;
    case 'empty':
      return 'empty file';
    case 'other': {
      const bytes = (content.firstBytes.match(/../g) ?? []).join(' ');
      return content.looksLikeText ? 'text without a #! line' : `data that begins with ${bytes}`;
    }
    case 'directory':
      return 'directory';
    case 'fifo':
      return 'named pipe';
    case 'socket':
      return 'socket';
    case 'character-device':
    case 'block-device':
      return 'device';
    case 'unreadable':
      return `cannot be read (${content.errno})`;
  }
}

/** Whether the kernel may execute the file of a step, in a sentence. */
export function describeAccess({ access, heldOpen }: Pick<Step, 'access' | 'heldOpen'>): string {
  if (heldOpen) return 'The kernel holds it open since it was registered (flag F).';
  return access.kind === 'executable'
    ? 'It may be executed.'
    : `${refusals[access.reason]} (${access.errno})`;
}

const refusals = {
  'cannot-be-reached': 'It cannot be reached.',
  'not-a-file': 'It is not a regular file, and only those can be started.',
  'no-execute-bit': 'It has no execute bit: chmod +x makes it a program.',
  'not-executable-for-you': 'Its permissions do not let you execute it.',
  'mounted-noexec': 'It lies on a file system that is mounted noexec: nothing on it can be started.',
} as const;

/** What an entry says to a file, in words. */
export function describeEntryVerdict(verdict: EntryVerdict): string {
  switch (verdict.kind) {
    case 'takes':
      return 'takes it';
    case 'comes-too-late':
      return 'would take it, but an entry before it does';
    case 'disabled':
      return 'would take it, but is disabled';
    case 'master-switch-off':
      return 'would take it, but binfmt_misc is switched off';
    case 'differs': {
      const { position, expected, mask, found } = verdict;
      const under = mask === 0xff ? '' : ` under the mask ${hex(mask)}`;
      return `does not take it: byte ${position} is ${hex(found)}, it asks for ${hex(expected & mask)}${under}`;
    }
    case 'other-extension':
      return `does not take it: the name does not end in .${verdict.extension}`;
    case 'untold':
      return `cannot be told: ${verdict.reason}`;
  }
}

const hex = (byte: number): string => byte.toString(16).padStart(2, '0');
