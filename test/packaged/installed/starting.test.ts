import { spawnSync } from 'node:child_process';
import { readProduct } from '../../../build/dist/product.mjs';
import { InstalledProgram, startAsRoot } from '../../support/installed-program.ts';
import { user } from '../../support/ordinary-user.ts';
import { expect, test } from '../../support/program.ts';
import { readEntry } from '../../support/registry.ts';

const { version } = readProduct('.');
const WINDOW = '/usr/bin/qemu-binfmt-manager';
const asUser = [`--reuid=${user.uid}`, `--regid=${user.gid}`, '--clear-groups'];

/** Runs it to its end, as a person who has no display. */
const run = (...words: readonly string[]) =>
  spawnSync('setpriv', [...asUser, WINDOW, ...words], { env: { PATH: '/usr/bin' }, encoding: 'utf8' });

test('root’s window opens, without Chromium’s sandbox, and says so', async ({ userData }) => {
  // As in the terminals of some editors, which would make Electron an ordinary Node.
  process.env.ELECTRON_RUN_AS_NODE = '1';
  const program = await InstalledProgram.start(userData, [], startAsRoot);
  try {
    expect(program.said).toContain('For root Chromium has no sandbox');
    await program.switchOf('aarch64').click();
    await expect(program.row('aarch64')).toContainText('Enabled');
    expect(readEntry('qemu-aarch64')).toMatch(/^enabled\n/);
  } finally {
    delete process.env.ELECTRON_RUN_AS_NODE;
    await program.close();
  }
});

test('without a display it says so, and lists', () => {
  const { status, stdout, stderr } = run();
  expect(stderr).toMatch(/^There is no display to open a window on .*, so here is the table alone\.\n$/);
  expect(stdout).toContain('riscv64');
  expect(status).toBe(0);
});

test('with a word behind its name it is the command, and says so to whoever is to type it again', () => {
  expect(run('--version')).toMatchObject({ status: 0, stdout: `${version}\n`, stderr: '' });
  expect(run('--help')).toMatchObject({
    status: 0,
    stdout: expect.stringContaining('Usage: qemu-binfmt-manager [VERB…]'),
    stderr: '',
  });
  expect(run('list', 'riscv64')).toMatchObject({ status: 0, stdout: expect.stringContaining('riscv64') });
  const refused = run('register', 'riscv64');
  expect(refused.status).toBe(1);
  expect(refused.stderr).toContain('sudo /usr/bin/qemu-binfmt-manager register riscv64');
  expect(run('no-such-verb').status).toBe(2);
});
