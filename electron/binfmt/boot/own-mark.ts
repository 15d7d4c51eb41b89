import { createHash } from 'node:crypto';
import { encodeBytes } from '../bytes.ts';
import type { FileAuthor } from './boot-configuration.ts';

/** How a line begins that every file has that this program writes. */
const MARK = '# Kept at boot by QEMU Binfmt Manager';

/** The line that says of a file with this text besides (a string of bytes) that this program wrote all of it. */
export const ownMarkFor = (text: string): string => `${MARK}, checksum ${checksumOf(text)}`;

/** Who wrote a file of this text: one that an administrator has changed is no longer this program's alone. */
export function authorOf(text: string): FileAuthor {
  const lines = text.split('\n');
  const place = lines.findIndex((line) => line.startsWith(MARK));
  if (place < 0) return 'others';
  return lines[place] === ownMarkFor(lines.toSpliced(place, 1).join('\n')) ? 'us' : 'us-and-others';
}

const checksumOf = (text: string): string =>
  createHash('sha256').update(encodeBytes(text)).digest('hex').slice(0, 16);
