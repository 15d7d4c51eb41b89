import { describe, expect, test } from 'vitest';
import { isEmulatorName } from '../../electron/binfmt/interpreters.ts';
import { takes } from '../../electron/binfmt/matcher.ts';
import { defaultRegisterOptions, flagsOf } from '../../electron/binfmt/register-options.ts';
import { nativeHeads, sampleHeads } from '../../electron/binfmt/sample-files.ts';
import {
  cpuOfMachine,
  emulatorNameOf,
  entryNameOf,
  familyOfMachine,
  targetNamed,
  targets,
} from '../../electron/binfmt/targets.ts';
import { registrationOfTarget, theTarget } from '../support/example-data.ts';

const ORDER =
  'i386 i486 alpha arm armeb sparc sparc32plus sparc64 ppc ppc64 ppc64le m68k mips mipsel mipsn32 mipsn32el ' +
  'mips64 mips64el sh4 sh4eb s390x aarch64 aarch64_be hppa riscv32 riscv64 xtensa xtensaeb microblaze ' +
  'microblazeel or1k x86_64 hexagon loongarch64';

describe('the targets', () => {
  test('are QEMU’s 34, in the order of qemu-binfmt-conf.sh', () => {
    expect(targets).toHaveLength(34);
    expect(targets.map((target) => target.name).join(' ')).toBe(ORDER);
  });

  test('have magics as long as their masks, of ELF files, and labels of their own', () => {
    for (const { name, magic, mask } of targets) {
      expect(magic, name).toMatch(/^7f454c460[12]0[12]01[0-9a-f]+$/);
      expect(mask, name).toHaveLength(magic.length);
    }
    expect(new Set(targets.map((target) => target.label)).size).toBe(targets.length);
  });

  test('have microblaze with its type in the file’s byte order', () => {
    const { magic } = theTarget('microblaze');
    expect(magic.slice(10, 12)).toBe('02');
    expect(magic.slice(32)).toBe('0002baab');
  });

  test('have names, entries and emulators that go together', () => {
    expect(targetNamed('aarch64')?.label).toBe('ARM, 64-bit');
    expect(targetNamed('constructor')).toBeUndefined();
    expect(entryNameOf(theTarget('ppc64le'))).toBe('qemu-ppc64le');
    expect(emulatorNameOf(theTarget('ppc64le'))).toBe('ppc64le');
    expect(emulatorNameOf(theTarget('i486'))).toBe('i386');
  });
});

describe('a machine’s family', () => {
  test.each([
    ['i386', 'i386 i486 i586 i686 x86_64 amd64 cpu BePC'],
    ['mips', 'mips mipsel mips64 mips64el'],
    ['ppc', 'ppc ppc64 powerpc'],
    ['ppcle', 'ppc64le ppc64el'],
    ['arm', 'arm armv4l armv5tel armv6l armv7l armv8l armv9l aarch64 armhf arm64'],
    ['armeb', 'armv5teb armv7b armeb aarch64_be'],
    ['sparc', 'sparc sparc64'],
    ['loongarch', 'loongarch64'],
    ['s390x', 's390x'],
    ['riscv', 'riscv64 riscv32'],
    ['m68k', 'm68k'],
  ])('is %s for %s', (family, machines) => {
    for (const machine of machines.split(' ')) expect(familyOfMachine(machine), machine).toBe(family);
  });

  test.each([
    ['i386', 'i386 i486 i686'],
    ['arm', 'armv7l armv5tel armhf armel arm'],
    ['armeb', 'armv7b armeb'],
    ['aarch64', 'aarch64 arm64'],
    ['riscv64', 'riscv64'],
  ])('is that of its CPU, which is %s for %s', (cpu, machines) => {
    for (const machine of machines.split(' ')) expect(cpuOfMachine(machine), machine).toBe(cpu);
  });

  test('is the machine itself when nobody knows it', () => {
    expect(familyOfMachine('vax')).toBe('vax');
  });

  test('is a family of targets for every target’s own machine', () => {
    for (const { name, family } of targets) {
      const machine = name.startsWith('sh4') || name.startsWith('xtensa') ? family : name;
      expect(familyOfMachine(machine), name).toBe(family);
    }
  });
});

describe('sample files', () => {
  test('are taken by the entry of their own target and by no other’s', () => {
    for (const target of targets) {
      for (const head of sampleHeads(target)) {
        const takers = targets.filter((one) => takes(registrationOfTarget(one.name), { head, path: '' }));
        expect(takers.map((one) => one.name)).toEqual([target.name]);
      }
    }
  });

  test('are 256 bytes of executables and PIEs, plain and marked GNU/Linux', () => {
    const heads = sampleHeads(theTarget('s390x'));
    expect(heads.map((head) => [head.length, head[17], head[7]])).toEqual([
      [256, 2, 0],
      [256, 2, 3],
      [256, 3, 0],
      [256, 3, 3],
    ]);
  });

  test('have a program header and sizes of their class in their byte order', () => {
    const [big] = sampleHeads(theTarget('s390x'));
    expect([...(big?.subarray(52, 58) ?? [])]).toEqual([0, 64, 0, 56, 0, 1]);
    const [little] = sampleHeads(theTarget('arm'));
    expect([...(little?.subarray(40, 46) ?? [])]).toEqual([52, 0, 32, 0, 1, 0]);
  });

  test('of the machine itself hold its programs, those that run here, and scripts', () => {
    const heads = nativeHeads('s390x');
    for (const head of sampleHeads(theTarget('s390x'))) expect(heads).toContainEqual(head);
    const beginnings = heads.map((head) => Buffer.from(head).toString('latin1'));
    expect(beginnings.some((text) => text.startsWith('#!/bin/sh\n'))).toBe(true);
    // The program that runs this test.
    expect(heads.length).toBeGreaterThan(sampleHeads(theTarget('s390x')).length + 3);
  });
});

describe('emulators', () => {
  test('are registered with F, and Debian’s with P besides', () => {
    expect(flagsOf(defaultRegisterOptions, '/usr/bin/qemu-arm-static')).toBe('F');
    expect(flagsOf(defaultRegisterOptions, '/usr/libexec/qemu-binfmt/arm-binfmt-P')).toBe('FP');
  });

  test('go by QEMU’s names or Debian’s', () => {
    expect(['qemu-arm', 'qemu-arm-static', 'arm-binfmt-P', 'arm-binfmt'].every(isEmulatorName)).toBe(true);
    expect(['bash', 'my-qemu-arm', 'arm-binfmt-Px'].some(isEmulatorName)).toBe(false);
  });
});
