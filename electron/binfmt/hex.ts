const HEX_PAIRS = /^(?:[0-9a-f]{2})*$/i;

/** The bytes of a string of hex digits, as the kernel prints magic and mask; throws a RangeError on any other string. */
export function bytesOfHex(hex: string): Uint8Array {
  if (!HEX_PAIRS.test(hex)) throw new RangeError(`Not pairs of hex digits: ${hex}`);
  const bytes = new Uint8Array(hex.length / 2);
  for (let index = 0; index < bytes.length; index++) {
    bytes[index] = Number.parseInt(hex.slice(2 * index, 2 * index + 2), 16);
  }
  return bytes;
}

/** Lower-case hex digits, two a byte, as the kernel prints them. */
export function hexOfBytes(bytes: Iterable<number>): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
