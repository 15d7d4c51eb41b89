import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { readEmulatorFile, targetOfFileName } from '../../electron/install/archive/emulator-file.ts';
import { minimalEmulator } from '../support/archives.ts';
import { theTarget } from '../support/example-data.ts';
import { temporaryDirectory } from '../support/interpreters.ts';

const { directory, remove } = temporaryDirectory();
afterAll(remove);
const file = path.join(directory, 'qemu');

const AARCH64 = 183;
const X86_64 = 62;

describe('the machine an emulator is made for', () => {
  test.each([
    ['x86_64', X86_64, true, 'AMD x86-64'],
    ['x86_64', AARCH64, false, 'AArch64'],
    ['aarch64', AARCH64, true, 'AArch64'],
    ['aarch64', X86_64, false, 'AMD x86-64'],
    ['riscv64', 999, false, 'machine 999'],
  ])('on %s: %i', async (host, machine, runsHere, machineName) => {
    writeFileSync(file, minimalEmulator('arm', '8.2.0', { machine }));
    expect(await readEmulatorFile(file, theTarget('arm'), host)).toMatchObject({
      ok: true,
      value: { qemuVersion: '8.2.0', machine, machineName, runsHere, elfClass: 64, linkage: 'static' },
    });
  });
});

describe('the name of an emulator', () => {
  test.each([
    ['qemu-aarch64', 'aarch64'],
    ['qemu-aarch64-static', 'aarch64'],
    ['qemu-i386-static', 'i386'],
    ['qemu-aarch64_be', 'aarch64_be'],
  ])('%s tells the target', (fileName, target) => {
    expect(targetOfFileName(fileName)?.name).toBe(target);
  });

  test.each([
    'qemu-img',
    'qemu-system-arm',
    'qemu-i486',
    'qemu-arm-static.gz',
    'qemu-',
    'Qemu-arm',
    'qemu-arm ',
    'aarch64',
  ])('%j is none', (fileName) => {
    expect(targetOfFileName(fileName)).toBeUndefined();
  });
});
