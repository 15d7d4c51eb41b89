import { decodeBytes } from '../bytes.ts';
import type { Content } from './explanation.ts';

const isSpace = (byte: number | undefined): boolean => byte === 0x20 || byte === 0x09;
const NEWLINE = 0x0a;

/** Whether these bytes begin as a script does. */
export const isScript = (head: Uint8Array): boolean => head[0] === 0x23 && head[1] === 0x21;

/**
 * Reads the `#!` line as `load_script()` in the kernel's fs/binfmt_script.c does: the interpreter up to the first
 * space or tab, all that follows is one argument. `head` is the file's first 256 bytes, zeros behind its end.
 */
export function readShebang(head: Uint8Array): Extract<Content, { kind: 'script' | 'broken-script' }> {
  const broken = (reason: string) => ({ kind: 'broken-script', reason }) as const;
  const last = head.length - 1;
  const nul = head.indexOf(0);
  const newline = head.indexOf(NEWLINE);
  const hasLine = newline >= 0 && (nul < 0 || newline < nul);
  let end = newline;
  if (!hasLine) {
    const start = skipSpaces(head, 2, last);
    if (start === null) return broken('there are only spaces behind #!');
    // Without a line's end the name may be cut off, unless something ends it.
    if (findTerminator(head, start, last) === null) {
      return broken('the interpreter’s path is longer than the part of a file that the kernel looks at');
    }
    end = last;
  }
  while (isSpace(head[end - 1])) end--;

  const start = skipSpaces(head, 2, end);
  if (start === null || start === end) return broken('there is no interpreter behind #!');
  const separator = findTerminator(head, start, end);
  const argumentStart = separator !== null && head[separator] !== 0 ? skipSpaces(head, separator, end) : null;
  return {
    kind: 'script',
    interpreter: textUpToNul(head.subarray(start, argumentStart === null ? end : (separator ?? end))),
    argument: argumentStart === null ? null : textUpToNul(head.subarray(argumentStart, end)),
  };
}

function skipSpaces(head: Uint8Array, from: number, last: number): number | null {
  for (let position = from; position <= last; position++) if (!isSpace(head[position])) return position;
  return null;
}

function findTerminator(head: Uint8Array, from: number, last: number): number | null {
  for (let position = from; position <= last; position++) {
    if (isSpace(head[position]) || head[position] === 0) return position;
  }
  return null;
}

function textUpToNul(bytes: Uint8Array): string {
  const nul = bytes.indexOf(0);
  return decodeBytes(nul < 0 ? bytes : bytes.subarray(0, nul));
}
