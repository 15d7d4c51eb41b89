import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { BootService } from '../../electron/binfmt/boot/boot-configuration.ts';
import { BootFiles } from '../support/boot-files.ts';
import {
  lacksBootOracles,
  needingBootOracles,
  runBootProgram,
  shippedUnit,
} from '../support/boot-oracles.ts';

let files: BootFiles;

/** A machine with Debian's packages, as far as they are set up by being unpacked. */
beforeEach(() => {
  files = new BootFiles().makeDirectory('/run/systemd/system');
  if (lacksBootOracles) return;
  for (const service of ['systemd-binfmt', 'binfmt-support']) {
    files.write(`/usr/lib/systemd/system/${service}.service`, shippedUnit(service));
  }
  const wants = '/usr/lib/systemd/system/sysinit.target.wants/systemd-binfmt.service';
  files.link(wants, '../systemd-binfmt.service');
});
afterEach(() => files.remove());

const systemctl = (...args: readonly string[]): string => runBootProgram('systemctl', files, { args }).trim();
const services = async (): Promise<readonly BootService[]> => (await files.read()).services;

describe.skipIf(lacksBootOracles)(needingBootOracles('with systemctl, a service'), () => {
  test('runs once it is enabled, and not any more once it is disabled', async () => {
    expect(systemctl('is-enabled', 'binfmt-support.service')).toBe('disabled');
    expect(await services()).toEqual(['systemd-binfmt']);
    systemctl('enable', 'binfmt-support.service');
    expect(systemctl('is-enabled', 'binfmt-support.service')).toBe('enabled');
    expect(await services()).toEqual(['systemd-binfmt', 'binfmt-support']);
    systemctl('disable', 'binfmt-support.service');
    expect(await services()).toEqual(['systemd-binfmt']);
  });

  test('does not run while it is masked', async () => {
    expect(systemctl('is-enabled', 'systemd-binfmt.service')).toBe('static');
    systemctl('mask', 'systemd-binfmt.service');
    expect(systemctl('is-enabled', 'systemd-binfmt.service')).toBe('masked');
    expect(await services()).toEqual([]);
    systemctl('unmask', 'systemd-binfmt.service');
    expect(await services()).toEqual(['systemd-binfmt']);
  });

  test('runs at the next start where it is masked until then', async () => {
    systemctl('mask', '--runtime', 'systemd-binfmt.service');
    expect(systemctl('is-enabled', 'systemd-binfmt.service')).toBe('masked-runtime');
    expect(await services()).toEqual(['systemd-binfmt']);
  });
});
