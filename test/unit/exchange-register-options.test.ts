import { describe, expect, test } from 'vitest';
import {
  defaultRegisterOptions,
  flagsOf,
  interpreterPathOf,
  problemOfOptions,
  type RegisterOptions,
  registrationWith,
} from '../../electron/binfmt/register-options.ts';
import { targets } from '../../electron/binfmt/targets.ts';
import { registrationOfTarget, theTarget } from '../support/example-data.ts';

const options = (changes: Partial<RegisterOptions>): RegisterOptions => ({
  ...defaultRegisterOptions,
  ...changes,
});
const inDirectory = (directory: string, suffix = ''): RegisterOptions =>
  options({ interpreter: { kind: 'directory', directory, suffix } });
const ofFile = (path: string): RegisterOptions => options({ interpreter: { kind: 'file', path } });

describe('the options of Register', () => {
  test('left alone register as qemu-binfmt-conf.sh names, matches and persists', () => {
    for (const target of targets) {
      expect(registrationWith(target, '/usr/bin/qemu-x', defaultRegisterOptions)).toEqual(
        registrationOfTarget(target.name, { interpreter: '/usr/bin/qemu-x', flags: 'F' }),
      );
    }
  });

  test.each([
    [false, false, false, ''],
    [true, false, false, 'F'],
    [false, true, false, 'OC'],
    [false, false, true, 'P'],
    [true, true, true, 'OCFP'],
  ])(
    'persistent %s, credentials %s, argv[0] %s are the flags “%s”',
    (persistent, credentials, preserveArgv0, flags) => {
      expect(flagsOf({ interpreter: { kind: 'found' }, persistent, credentials, preserveArgv0 }, '/i')).toBe(
        flags,
      );
    },
  );

  test('preserve argv[0] where the interpreter’s name asks for it, unless somebody decided', () => {
    const debians = '/usr/libexec/qemu-binfmt/arm-binfmt-P';
    expect(flagsOf(defaultRegisterOptions, debians)).toBe('FP');
    expect(flagsOf(options({ preserveArgv0: false }), debians)).toBe('F');
    expect(flagsOf(options({ preserveArgv0: true }), '/usr/bin/qemu-arm-static')).toBe('FP');
  });

  test('say which interpreter: the best on disk, one by directory and suffix, or one file', () => {
    const arm = theTarget('arm');
    expect(interpreterPathOf(arm, defaultRegisterOptions, '/best')).toBe('/best');
    expect(interpreterPathOf(arm, defaultRegisterOptions, null)).toBeNull();
    expect(interpreterPathOf(arm, inDirectory('/opt/q', '-static'), null)).toBe('/opt/q/qemu-arm-static');
    expect(interpreterPathOf(arm, ofFile('/opt/mine'), '/best')).toBe('/opt/mine');
  });

  test('have i486 run by the emulator of i386, and keep a slash at the end, as qemu-binfmt-conf.sh does', () => {
    expect(interpreterPathOf(theTarget('i486'), inDirectory('/usr/bin/'), null)).toBe('/usr/bin//qemu-i386');
  });

  test.each<[string, RegisterOptions]>([
    ['a relative directory', inDirectory('usr/bin')],
    ['no directory', inDirectory('')],
    ['a directory with a line break', inDirectory('/usr\n/bin')],
    ['a suffix with a slash', inDirectory('/usr/bin', '/../x')],
    ['a suffix with NUL', inDirectory('/usr/bin', '\0')],
    ['a relative file', ofFile('qemu-arm')],
    ['a file with NUL', ofFile('/a\0b')],
  ])('are refused with a sentence when they name %s', (_what, refused) => {
    expect(problemOfOptions(refused)).toMatch(/^[A-Z].*\.$/s);
  });

  test('are refused when one file is to run the programs of several CPUs', () => {
    expect(problemOfOptions(ofFile('/i'), [theTarget('arm'), theTarget('aarch64')])).toMatch(/2 CPUs/);
    expect(problemOfOptions(ofFile('/i'), [theTarget('i386'), theTarget('i486')])).toBeNull();
  });

  test.each<[string, RegisterOptions]>([
    ['the defaults', defaultRegisterOptions],
    ['a directory with spaces and a colon', inDirectory('/opt/my qemu:9', ' v')],
    ['a file', ofFile('/usr/bin/qemu-arm-static')],
  ])('are fine with %s', (_what, fine) => {
    expect(problemOfOptions(fine)).toBeNull();
  });
});
