import os from 'node:os';
import { beforeEach, describe, expect, test } from 'vitest';
import { parseEntry, registrationOf } from '../../electron/binfmt/entry.ts';
import { capturesHost } from '../../electron/binfmt/operations.ts';
import { formatRegisterLine, type Registration } from '../../electron/binfmt/register-line.ts';
import { targets } from '../../electron/binfmt/targets.ts';
import { registrationOfTarget } from '../support/example-data.ts';
import { clearRegistry, listEntries, readEntry, register, writeToEntry } from '../support/registry.ts';

beforeEach(clearRegistry);

/** Registers it as this program would, and reads back what the kernel says. */
function throughKernel(registration: Registration): Registration | null {
  const line = formatRegisterLine(registration);
  if (!line.ok) throw new Error(line.problem);
  register(line.value);
  return registrationOf(parseEntry(registration.name, readEntry(registration.name) ?? ''));
}

const jar: Registration = {
  kind: 'extension',
  name: 'jar',
  extension: 'jar',
  interpreter: '/usr/bin/jexec',
  flags: '',
};
/** A pattern that no program of any machine has. */
const odd = { magic: 'f0f1f2f3', mask: null, interpreter: '/opt/none', flags: '' } as const;

describe('what the kernel says of a registration', () => {
  const harmless = targets.filter(({ name }) => !capturesHost(registrationOfTarget(name), os.machine()));

  test('leaves out of the following one target at most, the machine’s own', () => {
    expect(harmless.length).toBeGreaterThanOrEqual(targets.length - 1);
  });

  test.each(harmless.map((target) => target.name))('is read as what was registered for %s', (name) => {
    const registration = registrationOfTarget(name, { flags: '' });
    expect(throughKernel(registration)).toEqual(registration);
  });

  test.each<[string, Registration]>([
    ['an extension', jar],
    ['an extension with dots and spaces', { ...jar, extension: 'a b.tar.gz' }],
    ['no mask', registrationOfTarget('arm', odd)],
    ['an offset', registrationOfTarget('arm', { ...odd, offset: 252 })],
    ['a mask', registrationOfTarget('arm', { ...odd, mask: 'ff00f00f' })],
    ['256 bytes', registrationOfTarget('arm', { ...odd, magic: 'f0'.repeat(256) })],
    [
      '256 bytes with a mask',
      registrationOfTarget('arm', { ...odd, magic: 'f3'.repeat(256), mask: 'fe'.repeat(256) }),
    ],
    [
      'an interpreter with spaces',
      registrationOfTarget('arm', { ...odd, interpreter: '/opt/my emulators/ x ' }),
    ],
    ['an interpreter with colons', registrationOfTarget('arm', { ...odd, interpreter: '/opt/a:b::c' })],
    [
      'an interpreter with line breaks',
      registrationOfTarget('arm', { ...odd, interpreter: '/opt/a\nflags: F\n' }),
    ],
  ])('is read as what was registered with %s', (_what, registration) => {
    expect(throughKernel(registration)).toEqual(registration);
  });

  test.each([
    'qemu-$(touch pwned)',
    "qemu-a'b",
    'qemu-x y',
    'qemu--1',
    '-1',
    'qemu-a\nb',
    'qemu-"`reboot`"',
    'qemu-\udcff\udc80',
    'qemu-äöü',
    '…',
    ' ',
    'q'.repeat(255),
  ])('is found under the name %j', (name) => {
    const registration = registrationOfTarget('arm', { ...odd, name });
    expect(throughKernel(registration)).toEqual(registration);
    expect(listEntries()).toEqual([name]);
  });

  test.each(' P O C F PO PC PF OC OF CF POC POF PCF OCF POCF'.split(' '))(
    'has the flags %j, and O besides C',
    (flags) => {
      const registration = registrationOfTarget('arm', { ...odd, interpreter: '/bin/bash', flags });
      const printed = flags.includes('C') && !flags.includes('O') ? flags.replace('C', 'OC') : flags;
      expect(throughKernel(registration)).toEqual({ ...registration, flags: printed });
    },
  );

  test('changes with its state in the first line alone', () => {
    throughKernel(registrationOfTarget('arm', { ...odd, name: 'x' }));
    const enabled = parseEntry('x', readEntry('x') ?? '');
    writeToEntry('x', '0');
    const disabled = parseEntry('x', readEntry('x') ?? '');
    expect(enabled).toMatchObject({ kind: 'magic', enabled: true });
    expect(disabled).toEqual({
      ...enabled,
      enabled: false,
      text: enabled.text.replace('enabled', 'disabled'),
    });
  });
});
