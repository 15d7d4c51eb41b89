import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { InstalledProgram } from '../../support/installed-program.ts';
import { expect, test } from '../../support/program.ts';

const MARK = '/tmp/foreign-code-ran';
const FOREIGN = '/tmp/foreign.cjs';

test.beforeEach(() => {
  rmSync(MARK, { force: true });
  writeFileSync(FOREIGN, `require('node:fs').writeFileSync('${MARK}', '')`);
});

test('it listens to nobody, also when it is told to be inspected', async ({ userData }) => {
  const program = await InstalledProgram.start(userData, ['--inspect=127.0.0.1:9229', '--inspect-brk=9230']);
  try {
    // What drives this test, on a switch of Chromium’s own, is all there is on this machine’s network.
    expect(listeningAddresses()).toEqual([`127.0.0.1:${program.port}`]);
  } finally {
    await program.close();
  }
});

test('the environment brings no code into it', () => {
  const environment = { PATH: '/usr/bin', NODE_OPTIONS: `--require=${FOREIGN}` };
  for (const variables of [environment, { ...environment, NODE_REPL_EXTERNAL_MODULE: FOREIGN }]) {
    const { stdout } = spawnSync('/usr/bin/qemu-binfmt', ['--version'], { env: variables, encoding: 'utf8' });
    expect(stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  }
  expect(existsSync(MARK)).toBe(false);
  // The same code runs where it is let in.
  execFileSync(process.execPath, ['--version'], { env: environment });
  execFileSync(process.execPath, ['-e', ''], { env: environment });
  expect(existsSync(MARK)).toBe(true);
});

test('it runs no other app than its own, whatever it is told', async ({ userData }) => {
  const app = '/tmp/foreign-app';
  mkdirSync(app, { recursive: true });
  writeFileSync(`${app}/package.json`, '{ "name": "foreign", "main": "../foreign.cjs" }');
  const program = await InstalledProgram.start(userData, [app]);
  await program.close();
  expect(existsSync(MARK)).toBe(false);
});

/** Where somebody waits for connections, on this machine: proc_net_tcp(5). */
function listeningAddresses(): readonly string[] {
  const LISTEN = '0A';
  return ['/proc/net/tcp', '/proc/net/tcp6'].flatMap((file) =>
    readFileSync(file, 'utf8')
      .split('\n')
      .slice(1)
      .map((line) => line.trim().split(/\s+/))
      .filter((fields) => fields[3] === LISTEN)
      .map((fields) => readAddress(fields[1] ?? '')),
  );
}

/** `0100007F:1F90` is 127.0.0.1:8080; addresses of IPv6 stay as they are. */
function readAddress(text: string): string {
  const [address = '', port = ''] = text.split(':');
  const bytes = address.match(/../g) ?? [];
  const shown = bytes.length === 4 ? bytes.reverse().map((byte) => Number.parseInt(byte, 16)) : [address];
  return `${shown.join('.')}:${Number.parseInt(port, 16)}`;
}
