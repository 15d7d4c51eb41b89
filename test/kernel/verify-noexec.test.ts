import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { formatRegisterLine } from '../../electron/binfmt/register-line.ts';
import { verifyTarget } from '../../electron/binfmt/verify/verify.ts';
import { registrationOfTarget, theTarget } from '../support/example-data.ts';
import { temporaryDirectory } from '../support/interpreters.ts';
import { clearRegistry, register } from '../support/registry.ts';

const { directory, remove } = temporaryDirectory();
const noexec = path.join(directory, 'noexec');
const target = theTarget('or1k');

beforeAll(() => {
  mkdirSync(noexec);
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'noexec', 'tmpfs', noexec]);
  clearRegistry();
  const line = formatRegisterLine(
    registrationOfTarget(target.name, { interpreter: `/usr/local/bin/qemu-${target.name}-static` }),
  );
  if (!line.ok) throw new Error(line.problem);
  register(line.value);
});

afterAll(() => {
  clearRegistry();
  execFileSync('umount', [noexec]);
  remove();
});

test('a directory from which nothing may be executed is noticed, and another one used', async () => {
  vi.stubEnv('TMPDIR', noexec);
  expect((await verifyTarget(target)).verdict).toBe('passed');
  vi.unstubAllEnvs();
});

test('when all are so, that is what it says', async () => {
  expect(await verifyTarget(target, { directories: [noexec, `${directory}/missing`] })).toMatchObject({
    verdict: 'failed',
    kind: 'not-tried',
    explanation: expect.stringContaining(`${noexec} is mounted noexec, ${directory}/missing does not exist.`),
  });
});
