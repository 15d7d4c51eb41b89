import { readdirSync, readFileSync, readlinkSync, writeFileSync } from 'node:fs';
import { user } from '../../support/ordinary-user.ts';
import { commandLineOf, statusOf } from '../../support/polkit-processes.ts';
import { expect, test } from '../../support/program.ts';

/** How many of them may be made in this namespace (namespaces(7)). */
const NAMESPACES = '/proc/sys/user/max_user_namespaces';

test('an ordinary user’s window runs with every part of Chromium’s sandbox', async ({ program: _ }) => {
  const renderers = processesOf('renderer');
  expect(renderers.length).toBeGreaterThan(0);
  for (const pid of renderers) {
    expectConfined(pid);
    expect(readlinkSync(`/proc/${pid}/ns/user`)).not.toBe(readlinkSync('/proc/self/ns/user'));
  }
});

test.describe('where users may not make namespaces', () => {
  let before = '';
  test.beforeEach(() => {
    before = readFileSync(NAMESPACES, 'utf8');
    writeFileSync(NAMESPACES, '0');
  });
  test.afterEach(() => writeFileSync(NAMESPACES, before));

  test('its set-uid helper makes the sandbox', async ({ program }) => {
    const renderers = processesOf('renderer');
    expect(renderers.length).toBeGreaterThan(0);
    for (const pid of renderers) {
      expectConfined(pid);
      // Made by root, they need no namespace of users.
      expect(readlinkSync(`/proc/${pid}/ns/user`)).toBe(readlinkSync('/proc/self/ns/user'));
      for (const kind of ['pid', 'net']) {
        expect(readlinkSync(`/proc/${pid}/ns/${kind}`)).not.toBe(readlinkSync(`/proc/self/ns/${kind}`));
      }
    }
    await program.switchOf('aarch64').click();
    await expect(program.row('aarch64')).toContainText('Enabled');
  });
});

function expectConfined(pid: number): void {
  const { Uid, Seccomp, NoNewPrivs, CapEff } = statusOf(pid);
  expect(Uid).toContain(`${user.uid}`);
  // 2: only the system calls that a filter lets through.
  expect({ Seccomp, NoNewPrivs, CapEff }).toEqual({
    Seccomp: '2',
    NoNewPrivs: '1',
    CapEff: '0000000000000000',
  });
  expect(commandLineOf(pid)).toContain('--enable-sandbox');
  expect(commandLineOf(pid)).not.toContain('--no-sandbox');
}

/** The program's processes of a kind, by their command lines. */
function processesOf(kind: string): readonly number[] {
  return readdirSync('/proc')
    .map(Number)
    .filter((pid) => pid > 0)
    .filter((pid) => {
      try {
        return commandLineOf(pid).includes(`--type=${kind}`);
      } catch {
        return false; // It has ended since it was listed.
      }
    });
}
