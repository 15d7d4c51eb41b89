import { bytesOfHex } from '../../hex.ts';

/** Instructions as the CPU's manual and objdump write them: in hex digits, the assembler's text beside. */
export type Listing = readonly (readonly [hex: string, mnemonic: string])[];

/** The code of CPUs that read an instruction's first digits first: big-endian ones, and those that read bytes. */
export const inWrittenOrder = (listing: Listing): Uint8Array =>
  bytesOfHex(listing.map(([hex]) => hex).join(''));

/** The code of CPUs that read an instruction as one little-endian number. */
export const littleEndian = (listing: Listing): Uint8Array =>
  Uint8Array.from(listing.flatMap(([hex]) => [...bytesOfHex(hex)].reverse()));
