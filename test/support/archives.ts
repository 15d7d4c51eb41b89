import { execFileSync } from 'node:child_process';
import { crc32 } from 'node:zlib';

/** A member of a tar archive as the test wants it, however wrong. */
export interface TarMember {
  readonly name: string | Buffer;
  readonly content?: Uint8Array;
  /** `0` a file, `1` a hard link, `2` a link, `3` and `4` devices, `5` a directory, `6` a pipe, `x` a pax header. */
  readonly type?: string;
  readonly linkName?: string;
  readonly mode?: number;
  /** What the size field says instead of the truth. */
  readonly sizeField?: string | Buffer;
  readonly breakChecksum?: boolean;
}

const BLOCK = 512;

/** A tar archive in the ustar format (pax(1)), with its end marker. */
export const tarOf = (...members: readonly TarMember[]): Buffer =>
  Buffer.concat([...members.map(tarMember), Buffer.alloc(2 * BLOCK)]);

function tarMember(member: TarMember): Buffer {
  const { content = Buffer.alloc(0), type = '0', linkName = '', mode = 0o755 } = member;
  const header = Buffer.alloc(BLOCK);
  const set = (offset: number, text: string | Buffer): void =>
    header.set(Buffer.from(text as string, 'latin1'), offset);
  set(0, Buffer.isBuffer(member.name) ? member.name : Buffer.from(member.name));
  set(100, `${mode.toString(8).padStart(7, '0')}\0`);
  set(108, '0000000\x000000000\0');
  set(124, member.sizeField ?? `${content.length.toString(8).padStart(11, '0')}\0`);
  set(136, '00000000000\0');
  set(148, '        ');
  set(156, type);
  set(157, linkName);
  set(257, 'ustar\x0000');
  const sum = header.reduce((total, byte) => total + byte, member.breakChecksum ? 1 : 0);
  set(148, `${sum.toString(8).padStart(6, '0')}\0 `);
  return Buffer.concat([header, content, Buffer.alloc(-content.length & (BLOCK - 1))]);
}

/** The members that give the next one a field longer than its header has room for (pax(1), "pax Extended Header"). */
export function paxHeader(key: string, value: string | Buffer): TarMember {
  const record = Buffer.concat([Buffer.from(` ${key}=`), Buffer.from(value as string), Buffer.from('\n')]);
  const digits = [1, 2, 3, 4, 5, 6, 7].find((count) => String(record.length + count).length === count) ?? 0;
  return {
    name: 'pax',
    type: 'x',
    content: Buffer.concat([Buffer.from(String(record.length + digits)), record]),
  };
}

export interface ArMember {
  readonly name: string;
  readonly content: Uint8Array;
  readonly sizeField?: string;
}

/** An ar archive (ar(5)), as a .deb is one. */
export const arOf = (...members: readonly ArMember[]): Buffer =>
  Buffer.concat([
    Buffer.from('!<arch>\n'),
    ...members.flatMap(({ name, content, sizeField = String(content.length) }) => [
      Buffer.from(
        `${name.padEnd(16)}${'0'.padEnd(12)}${'0'.padEnd(6)}${'0'.padEnd(6)}${'100644'.padEnd(8)}${sizeField.padEnd(10)}\`\n`,
      ),
      content,
      Buffer.alloc(content.length % 2, '\n'),
    ]),
  ]);

/** A .deb with this data.tar, `name` telling how that is compressed. */
export const debOf = (data: Uint8Array, name = 'data.tar'): Buffer =>
  arOf(
    { name: 'debian-binary', content: Buffer.from('2.0\n') },
    {
      name: 'control.tar',
      content: tarOf({ name: './control', content: Buffer.from('Package: x\n'), mode: 0o644 }),
    },
    { name, content: data },
  );

/** A member of a cpio archive in the format of .rpm payloads (cpio(5), "New ASCII Format"). */
export function cpioMember(name: string, content: Uint8Array, mode = 0o100755): Buffer {
  const padded = (bytes: Uint8Array): Buffer => Buffer.concat([bytes, Buffer.alloc(-bytes.length & 3)]);
  const fields = [1, mode, 0, 0, 1, 0, content.length, 0, 0, 0, 0, name.length + 1, 0];
  const header = `070701${fields.map((field) => field.toString(16).padStart(8, '0')).join('')}${name}\0`;
  return Buffer.concat([padded(Buffer.from(header, 'latin1')), padded(content)]);
}

/** What a program makes of its standard input: `filter('xz', data, '-1')`. */
export const filter = (program: string, data: Uint8Array, ...args: readonly string[]): Buffer =>
  execFileSync(program, ['-c', ...args], { input: data, maxBuffer: 2 ** 30 });

/** The least that is an emulator for a PC by all that is looked at; dynamic where it names a loader. It is never run. */
export function minimalEmulator(
  target: string,
  version = '9.1.2',
  changes: { type?: number; machine?: number; loader?: string } = {},
): Buffer {
  const loader = Buffer.from(changes.loader === undefined ? '' : `${changes.loader}\0`);
  const text = Buffer.from(`\0qemu-${target} version ${version}\nCopyright\0`);
  const count = loader.length === 0 ? 1 : 2;
  const segments = [
    elfSegment(1, 0, 0),
    elfSegment(3, ELF_HEADER + 2 * ELF_SEGMENT + text.length, loader.length), // PT_INTERP
  ];
  const header = Buffer.alloc(ELF_HEADER);
  header.write('\x7fELF\x02\x01\x01', 'latin1');
  header.writeUInt16LE(changes.type ?? 2, 16);
  header.writeUInt16LE(changes.machine ?? 62, 18);
  header.writeUInt32LE(1, 20);
  header.writeBigUInt64LE(BigInt(ELF_HEADER), 32);
  header.writeUInt16LE(ELF_HEADER, 52);
  header.writeUInt16LE(ELF_SEGMENT, 54);
  header.writeUInt16LE(count, 56);
  return Buffer.concat([header, ...segments.slice(0, count), text, loader]);
}

const ELF_HEADER = 64;
const ELF_SEGMENT = 56;

function elfSegment(type: number, offset: number, size: number): Buffer {
  const segment = Buffer.alloc(ELF_SEGMENT);
  segment.writeUInt32LE(type, 0);
  segment.writeBigUInt64LE(BigInt(offset), 8);
  segment.writeBigUInt64LE(BigInt(size), 32);
  return segment;
}

/** A zstd frame of so many zeros, 128 KiB in each four bytes (RFC 8878, RLE blocks). */
export function zstdOfZeros(mebibytes: number): Buffer {
  const blocks = mebibytes * 8;
  const body = Buffer.alloc(blocks * 4);
  for (let index = 0; index < blocks; index++) {
    body.writeUIntLE((index === blocks - 1 ? 1 : 0) | (1 << 1) | ((128 * 1024) << 3), index * 4, 3);
  }
  // A window of 128 KiB, no content size, no checksum.
  return Buffer.concat([Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x00, 0x38]), body]);
}

/** Makes an .xz file ask for another dictionary: the bits of its size stand in the LZMA2 properties (xz file format, 5.3.1). */
export function withXzDictionary(xz: Buffer, bits: number): Buffer {
  const changed = Buffer.from(xz);
  const start = 12;
  const size = ((changed[start] ?? 0) + 1) * 4;
  const filterId = changed.indexOf(0x21, start + 1);
  changed[filterId + 2] = bits;
  changed.writeUInt32LE(crc32(changed.subarray(start, start + size - 4)), start + size - 4);
  return changed;
}
