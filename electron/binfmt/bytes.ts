/**
 * The kernel's names and paths are bytes, JavaScript's strings are UTF-16. A byte that is not part of
 * valid UTF-8 becomes the lone surrogate U+DC00 + byte, as Python's "surrogateescape" (PEP 383) does it,
 * so that every name can be shown, sent through ipc and turned back into exactly the bytes it came from.
 */

const ESCAPE_BASE = 0xdc00;
const isEscapedByte = (unit: number): boolean => unit >= 0xdc80 && unit <= 0xdcff;

/** The string for these bytes. {@link encodeBytes} turns it back into the same bytes. */
export function decodeBytes(bytes: Uint8Array): string {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const text = buffer.toString('utf8');
  if (!text.includes('\ufffd') || Buffer.from(text, 'utf8').equals(buffer)) return text;

  let decoded = '';
  let plainFrom = 0;
  for (let position = 0; position < buffer.length; ) {
    const length = sequenceLength(buffer, position);
    if (length === 0) {
      if (plainFrom < position) decoded += buffer.toString('utf8', plainFrom, position);
      decoded += String.fromCharCode(ESCAPE_BASE + (buffer[position] ?? 0));
      plainFrom = position + 1;
    }
    position += Math.max(1, length);
  }
  return decoded + buffer.toString('utf8', plainFrom);
}

/** How many bytes the UTF-8 sequence at that place has; 0 where there is none (table 3-7 of the Unicode Standard). */
function sequenceLength(bytes: Uint8Array, position: number): number {
  const lead = bytes[position] ?? 0;
  if (lead < 0x80) return 1;
  if (lead < 0xc2 || lead > 0xf4) return 0;
  const length = lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
  const lowest = lead === 0xe0 ? 0xa0 : lead === 0xf0 ? 0x90 : 0x80;
  const highest = lead === 0xed ? 0x9f : lead === 0xf4 ? 0x8f : 0xbf;
  const second = bytes[position + 1] ?? 0;
  if (second < lowest || second > highest) return 0;
  for (let index = 2; index < length; index++) {
    if (((bytes[position + index] ?? 0) & 0xc0) !== 0x80) return 0;
  }
  return length;
}

/** The bytes this string stands for: UTF-8, with the escapes of {@link decodeBytes} undone. */
export function encodeBytes(text: string): Buffer {
  const parts: Buffer[] = [];
  let plainFrom = 0;
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index);
    const isPairedLow = index > plainFrom && (text.charCodeAt(index - 1) & 0xfc00) === 0xd800;
    if (!isEscapedByte(unit) || isPairedLow) continue;
    parts.push(Buffer.from(text.slice(plainFrom, index), 'utf8'), Buffer.of(unit - ESCAPE_BASE));
    plainFrom = index + 1;
  }
  parts.push(Buffer.from(text.slice(plainFrom), 'utf8'));
  return parts.length === 1 ? (parts[0] as Buffer) : Buffer.concat(parts);
}
