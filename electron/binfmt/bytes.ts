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

  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  const sequenceAt = (start: number): string | null => {
    for (let length = 1; length <= 4 && start + length <= buffer.length; length++) {
      try {
        return decoder.decode(buffer.subarray(start, start + length));
      } catch {
        // Not a whole sequence yet: try one byte more.
      }
    }
    return null;
  };
  let decoded = '';
  for (let position = 0; position < buffer.length; ) {
    const sequence = sequenceAt(position);
    decoded += sequence ?? String.fromCharCode(ESCAPE_BASE + (buffer[position] ?? 0));
    position += sequence === null ? 1 : Buffer.byteLength(sequence);
  }
  return decoded;
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
