import { spawnSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { isTooLong } from '../../electron/elevation/script-command.ts';
import {
  explainInstallation,
  type InstallProgress,
  parseInstallOutput,
  startOfInstallation,
} from '../../electron/install/distribution/install-progress.ts';
import { installScript } from '../../electron/install/distribution/install-script.ts';
import { bytesOf } from '../../electron/install/distribution/package-query.ts';

const token = '0123456789abcdef0123456789abcdef';
const afterLines = (...lines: readonly string[]): InstallProgress =>
  lines.reduce((before, line) => parseInstallOutput(line, token, before), startOfInstallation);

describe('the progress of an installation', () => {
  test('goes through its phases, and can be cancelled while nothing is changed', () => {
    expect(startOfInstallation).toMatchObject({ phase: 'starting', canCancel: false, outcome: null });
    expect(afterLines(`${token} phase fetching`)).toMatchObject({
      phase: 'fetching',
      canCancel: true,
      percent: null,
    });
    expect(afterLines(`${token} phase refreshing`)).toMatchObject({ phase: 'refreshing', canCancel: true });
    expect(afterLines(`${token} phase fetching`, `${token} phase installing`)).toMatchObject({
      phase: 'installing',
      canCancel: false,
    });
    for (const outcome of ['done', 'cancelled', 'failed'] as const) {
      expect(afterLines(`${token} phase fetching`, `${token} end ${outcome}`)).toMatchObject({
        outcome,
        canCancel: false,
      });
    }
  });

  test.each([
    ['dlstatus:1:20.5000:Retrieving file 1 of 1 (2s remaining)', 20.5],
    ['pmstatus:dpkg-exec:0.0000:Running dpkg', 0],
    ['pmstatus:qemu-user-static:60.0000:Unpacking qemu-user-static (amd64)', 60],
    ['pmstatus:libc6:amd64:33.3333:Configuring libc6 (amd64)', 33.3333],
    ['pmstatus:x:170.0:More than all', 100],
  ])('takes the percentage of %s', (line, percent) => {
    expect(afterLines(line)).toMatchObject({ percent, lines: [] });
  });

  test('keeps what the tools said, without empty lines and what was overdrawn', () => {
    expect(afterLines('Get:1 x', '', '  ', 'a\rb\rc', 'd\r', 'pmerror:/x.deb:50.0:it broke').lines).toEqual([
      'Get:1 x',
      'c',
      'd',
      'it broke',
    ]);
    expect(afterLines(...Array.from({ length: 700 }, (_, index) => `${index}`)).lines).toHaveLength(500);
  });

  test.each([
    `${'f'.repeat(32)} phase fetching`,
    `x ${token} end done`,
    `${token} end done now`,
    `${token} phase`,
  ])('takes %j for no report', (line) => {
    expect(afterLines(`${token} phase installing`, line)).toMatchObject({
      phase: 'installing',
      canCancel: false,
      outcome: null,
    });
  });

  test('takes an unknown report for nothing, and an unknown end for a failure', () => {
    expect(afterLines(`${token} phase celebrating`)).toMatchObject({ phase: 'starting', canCancel: false });
    expect(afterLines(`${token} end strangely`)).toMatchObject({ outcome: 'failed' });
  });
});

// As apt 2.6, dnf 4.14, zypper 1.14, pacman 6.0 and apk 2.14 say it.
describe('a failed installation', () => {
  test.each([
    ["E: You don't have enough free space in /var/cache/apt/archives/.", /no room left/],
    ['dpkg: error: cannot copy extracted data: failed to write (No space left on device)', /no room left/],
    [
      "E: dpkg was interrupted, you must manually run 'sudo dpkg --configure -a' to correct the problem.",
      /dpkg --configure -a/,
    ],
    [
      'E: Could not get lock /var/lib/dpkg/lock-frontend. It is held by process 42 (apt)',
      /another program is installing/,
    ],
    ['error: failed to init transaction (unable to lock database)', /another program is installing/],
    ['System management is locked by the application with pid 42 (zypper).', /another program is installing/],
    ['ERROR: Unable to lock database: temporary error (try again later)', /another program is installing/],
    ['E: Unable to locate package qemu-user-static', /no such package/],
    ['Error: Unable to find a match: qemu-user-static', /no such package/],
    ['error: target not found: qemu-user-static', /no such package/],
    ["E: Failed to fetch http://x/q.deb  Temporary failure resolving 'x'", /could not be fetched/],
    ["error: failed retrieving file 'q.pkg' from x : Could not resolve host: x", /could not be fetched/],
    ['ERROR: unable to select packages:', /no such package/],
    ['Something went quite wrong', /Something went quite wrong/],
  ])('%s', (line, sentence) => {
    const explanation = explainInstallation(['Reading package lists...', line]);
    expect(explanation).toMatch(/^QEMU was not installed: /);
    expect(explanation).toMatch(sentence);
  });

  test('is told in the tool’s last error where nothing is known of it', () => {
    expect(explainInstallation(['E: one', 'E: two', 'and then this'])).toBe('QEMU was not installed: two');
    expect(explainInstallation([])).toBe('QEMU was not installed: nothing was said');
  });
});

describe('the script that installs', () => {
  test.each(['apt', 'dnf', 'pacman', 'zypper', 'apk'] as const)('is bash, for %s', (manager) => {
    const script = installScript({ manager, packages: ['qemu-user-static'] }, { token, stop: '/tmp/x/stop' });
    expect(spawnSync('/bin/bash', ['-n', '-c', script], { encoding: 'utf8' })).toMatchObject({
      status: 0,
      stderr: '',
    });
    expect(script).toMatch(/^[\n -~]*$/);
    expect(isTooLong(script)).toBe(false);
  });

  test('takes what it is given for words and nothing else', () => {
    const odd = { manager: 'apk', packages: ["x'; touch /y; '", '$(reboot)'] } as const;
    const script = installScript(odd, { token, stop: "/tmp/$(reboot)'\n`x`/stop" });
    const commands = script.split('\n').filter((line) => /reboot|touch/.test(line));
    expect(commands).toEqual([
      "stop=$'/tmp/$(reboot)\\x27\\x0a`x`/stop'",
      "follow none '/sbin/apk' '--update-cache' 'add' 'x'\\''; touch /y; '\\''' '$(reboot)'",
    ]);
  });
});

describe('a size', () => {
  test.each([
    ['62.31 MiB', Math.round(62.31 * 2 ** 20)],
    ['98 k', 98 * 1024],
    ['1.5 GiB', 1.5 * 2 ** 30],
    ['512 B', 512],
    ['4988 KiB', 4988 * 1024],
  ])('%s', (text, bytes) => {
    expect(bytesOf(text)).toBe(bytes);
  });

  test.each(['', 'unknown', 'MiB', '12'])('%j is none', (text) => {
    expect(bytesOf(text)).toBeNull();
  });
});
