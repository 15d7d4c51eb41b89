import { describe, expect, test } from 'vitest';
import { Interpreters } from '../../electron/binfmt/interpreters.ts';
import { defaultRegisterOptions, type RegisterOptions } from '../../electron/binfmt/register-options.ts';
import type { Snapshot } from '../../electron/binfmt/snapshot.ts';
import { previewRegistration } from '../../electron/register-preview.ts';
import {
  entryOf,
  exampleHost,
  exampleRow,
  exampleSnapshot,
  executable,
  registrationOfTarget,
} from '../support/example-data.ts';

const noVersions = { get: () => null, set: () => undefined };

/** The one preview of a target. */
async function previewOf(
  target: string,
  options: Partial<RegisterOptions> = {},
  changes: Partial<Snapshot> = {},
  ownFamily = false,
) {
  const snapshot = exampleSnapshot({
    targets: [exampleRow({ name: 'arm', installed: executable('/usr/bin/qemu-arm-static') })],
    ...changes,
  });
  const request = {
    kind: 'register',
    targets: [target],
    options: { ...defaultRegisterOptions, ...options },
    ownFamily,
  } as const;
  const { targets } = await previewRegistration(
    request,
    snapshot,
    new Interpreters(noVersions, () => undefined),
  );
  return targets[0];
}

describe('a preview of registering', () => {
  test('has the line and its flags', async () => {
    expect(await previewOf('arm', { credentials: true })).toMatchObject({
      target: 'arm',
      isOwnFamily: false,
      flags: 'OCF',
      taken: null,
      problem: null,
      line: expect.stringMatching(/^:qemu-arm:M::.*:\/usr\/bin\/qemu-arm-static:OCF$/),
    });
  });

  test.each([
    ['found, where none is', 'mips', {}, 'No emulator for mips is installed'],
    [
      'by a directory that is none',
      'arm',
      { interpreter: { kind: 'directory', directory: 'bin', suffix: '' } },
      'absolute path',
    ],
    ['for the host’s own family', 'i386', {}, 'This machine runs i386 programs itself'],
    ['of no target', 'pdp11', {}, 'QEMU has no target “pdp11”'],
  ] as const)('says what is wrong with one %s', async (_what, target, options, sentence) => {
    const preview = await previewOf(target, options);
    expect(preview?.problem).toContain(sentence);
    expect(preview?.line).toBeNull();
    expect(preview?.warnings).toEqual([]);
  });

  test('names the entry that is there, also under another name, whatever is wrong', async () => {
    const others = { entries: [entryOf(registrationOfTarget('arm', { name: 'mine' }))] };
    expect(await previewOf('arm', {}, others)).toMatchObject({
      taken: { name: 'mine', note: null },
      problem: null,
    });
    const nowhere: Partial<RegisterOptions> = { interpreter: { kind: 'file', path: 'nowhere' } };
    expect(await previewOf('arm', nowhere, others)).toMatchObject({
      taken: { name: 'mine' },
      line: null,
    });
  });

  test('warns of what could not be put back', async () => {
    const present = {
      entries: [entryOf(registrationOfTarget('arm'))],
      losses: [{ name: 'qemu-arm', reason: 'its interpreter is gone' }],
    };
    const preview = await previewOf('arm', {}, present);
    expect(preview?.warnings[0]).toBe(
      'What is registered now could not be put back: its interpreter is gone.',
    );
  });

  test('says of a missing interpreter what the kernel makes of it, with F and without', async () => {
    const interpreter = { kind: 'file', path: '/nonexistent/qemu' } as const;
    const [withF] = (await previewOf('arm', { interpreter }))?.warnings ?? [];
    expect(withF).toContain('it will refuse this');
    const [withoutF] = (await previewOf('arm', { interpreter, persistent: false }))?.warnings ?? [];
    expect(withoutF).toContain('programs run only where it is');
  });

  test('shows the line that takes the host’s programs, and that it cannot be registered', async () => {
    const interpreter = { kind: 'file', path: '/usr/bin/qemu-x86_64' } as const;
    const preview = await previewOf('x86_64', { interpreter }, { host: exampleHost }, true);
    expect(preview).toMatchObject({ isOwnFamily: true, line: expect.stringContaining(':qemu-x86_64:') });
    expect(preview?.problem).toContain('it would take this machine’s own programs (x86_64)');
  });

  test('says that nothing is mounted', async () => {
    const preview = await previewOf('arm', {}, { binfmtMisc: 'not-mounted' });
    expect(preview?.problem).toContain('Mount it first');
  });
});
