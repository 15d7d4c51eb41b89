import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readQemuVersion } from '../../electron/binfmt/qemu-version.ts';
import { sampleHeads } from '../../electron/binfmt/sample-files.ts';
import { theTarget } from '../support/example-data.ts';

const MIB = 1024 * 1024;
let directory: string;
beforeAll(() => {
  directory = mkdtempSync(path.join(tmpdir(), 'qemu-version-'));
});
afterAll(() => rmSync(directory, { recursive: true }));

/** A program without section headers that holds these texts at these places. */
function program(texts: ReadonlyMap<number, string>, size = 3 * MIB): string {
  const content = Buffer.alloc(size);
  content.set(sampleHeads(theTarget('x86_64'))[0] ?? []);
  content.fill(0, 40, 64);
  for (const [offset, text] of texts) content.write(text, offset);
  const file = path.join(directory, 'program');
  writeFileSync(file, content);
  return file;
}

const places: readonly (readonly [string, number])[] = [
  ['near the beginning', 300],
  ['at the very end', 3 * MIB - 25],
  ['in the second MiB', MIB + 4000],
  ...Array.from({ length: 26 }, (_, index) => [`${index} bytes before the first MiB`, MIB - index] as const),
  ...[256, 100, -24, -12].map(
    (shift) => [`${shift} bytes before the second reading’s end`, 2 * MIB - 256 - shift] as const,
  ),
];

describe('QEMU’s version in a program', () => {
  test.each(places)('is found %s', async (_where, offset) => {
    expect(await readQemuVersion(program(new Map([[offset, 'qemu-arm version 9.2.50\0']])))).toBe('9.2.50');
  });

  test('is the number alone, of the line that is QEMU’s', async () => {
    const texts = new Map([
      [1000, 'gcc version 12.2.0\0'],
      [2000, 'qemu-X version 1.2\0'],
      [3000, 'qemu-aarch64_be version 10.0 (v10.0.0-12-gabc)\0'],
    ]);
    expect(await readQemuVersion(program(texts))).toBe('10.0');
  });

  test('is none where no line says so', async () => {
    expect(await readQemuVersion(program(new Map([[1000, 'qemu-arm version unknown\0']])))).toBeNull();
  });
});
