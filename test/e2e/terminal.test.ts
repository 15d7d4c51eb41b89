import { type SpawnSyncReturns, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { expect, test } from '../support/program.ts';
import { listEntries, register } from '../support/registry.ts';

/** The environment of somebody without a display, and without the colours that the tests ask for. */
function environment(userData: string): NodeJS.ProcessEnv {
  const env: NodeJS.ProcessEnv = { ...process.env, XDG_CONFIG_HOME: userData };
  for (const name of ['DISPLAY', 'WAYLAND_DISPLAY', 'FORCE_COLOR']) delete env[name];
  return env;
}

/** The ways to the command in the repository. */
const ways = [
  ['npx', 'qemu-binfmt'],
  ['node', 'build/qemu-binfmt.mjs'],
  ['npm', 'start', '--silent', '--'],
  ['node', 'build/start.mjs'],
] as const;

for (const way of ways) {
  test(`${way.join(' ')} passes on what is typed, and how it ended`, ({ userData }) => {
    const run = (...words: readonly string[]): SpawnSyncReturns<string> => {
      const [program, ...args] = way;
      return spawnSync(program, [...args, ...words], { env: environment(userData), encoding: 'utf8' });
    };
    register(':$(touch owned) a  b:E::x::/bin/true:');
    register(':--json:E::y::/bin/true:');
    expect(run('unregister', '--', '$(touch owned) a  b', '--json')).toMatchObject({
      status: 0,
      stdout: 'Unregistered 2 registrations.\n',
      stderr: '',
    });
    expect(listEntries()).toEqual([]);
    expect(existsSync('owned')).toBe(false);

    const { status, stderr } = run('enable', 's390x');
    expect(status).toBe(1);
    const [, typed = ''] = / To register it: (.+)\n$/.exec(stderr) ?? [];
    expect(spawnSync('bash', ['-c', typed], { cwd: '/', encoding: 'utf8' })).toMatchObject({ status: 0 });
    expect(listEntries()).toEqual(['qemu-s390x']);
  });
}

test('npm start without a display prints the table', ({ userData }) => {
  const { status, stdout } = spawnSync('node', ['build/start.mjs'], {
    env: environment(userData),
    encoding: 'utf8',
  });
  expect(status).toBe(0);
  expect(stdout).toMatch(/^TARGET +DESCRIPTION +STATE /m);
});
