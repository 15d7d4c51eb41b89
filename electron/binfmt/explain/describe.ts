import { isProgramType, machineNames, osAbiNames, typeNames } from '../elf-header.ts';
import type { Content, ElfContent, EntryVerdict, Step } from './explanation.ts';

/** What a file is, in words. */
export function describeContent(content: Content): string {
  switch (content.kind) {
    case 'elf':
      return describeElf(content);
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

function describeElf(elf: ElfContent): string {
  const { elfClass, byteOrder, machine, osAbi, type } = elf;
  const kind = elf.isLibrary ? 'shared library' : (typeNames.get(type) ?? `file of type ${type}`);
  const facts = [
    `ELF ${kind}`,
    `${elfClass}-bit ${byteOrder}-endian`,
    machineNames.get(machine) ?? `machine ${machine}`,
    osAbiNames.get(osAbi) ?? `OS/ABI ${osAbi}`,
    loadingOf(elf),
  ];
  return facts.filter((fact) => fact !== null).join(', ');
}

/** How it is loaded; null for what no loader is asked for. */
function loadingOf({ type, loader, isLibrary, isDamaged }: ElfContent): string | null {
  if (isDamaged) return 'cut off or damaged';
  if (loader !== null) return `loader ${loader}`;
  return isLibrary || !isProgramType(type) ? null : 'static';
}

/** What comes of opening the file of a step and its loader, a sentence each. */
export const describeOpening = (step: Step): readonly string[] =>
  [describeAccess(step), describeLoader(step)].filter((sentence) => sentence !== null);

/** Whether the file can be reached and executed, as a sentence. */
export function describeAccess({ access, heldOpen }: Step): string {
  if (heldOpen) {
    const isThere = access.kind === 'executable' || access.reason !== 'cannot-be-reached';
    return `The kernel runs the file that it opened when the entry was registered (flag F); ${isThere ? 'this is what is there now' : 'at its path there is none now'}.`;
  }
  return access.kind === 'executable'
    ? 'It may be executed.'
    : `${refusals[access.reason]} (${access.errno})`;
}

function describeLoader({ loader }: Step): string | null {
  if (loader === null) return null;
  return loader.prefix === null
    ? `Its loader is there: ${loader.path}`
    : `Its loader is there, below the directory where QEMU looks first: ${loader.path}`;
}

const refusals = {
  'cannot-be-reached': 'It cannot be reached.',
  'not-a-file': 'It is not a regular file, and only those can be started.',
  'no-execute-bit': 'It has no execute bit: chmod +x makes it a program.',
  'not-executable-for-you': 'Its permissions do not let you execute it.',
  'mounted-noexec': 'It lies on a file system that is mounted noexec: nothing on it can be started.',
} as const;

/** What an entry says to a file, in words. Bytes are counted and written as the inspector does it. */
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
      const { position, field, expected, mask, found } = verdict;
      const byte = `byte ${hex(position)}`;
      const under = mask === 0xff ? '' : ` under the mask ${hex(mask)}`;
      return `does not take it: ${field === null ? byte : `${field} (${byte})`} is ${hex(found)}, it asks for ${hex(expected & mask)}${under}`;
    }
    case 'other-extension':
      return `does not take it: the name does not end in .${verdict.extension}`;
    case 'untold':
      return `cannot be told: ${verdict.reason}`;
  }
}

const hex = (byte: number): string => byte.toString(16).padStart(2, '0');
