import os from 'node:os';
import { describe, expect, test } from 'vitest';
import { dataDirectory, dataFilesIn } from '../../electron/data-directory.ts';

describe('the data directory', () => {
  test('is the one that Electron has for a program of this name', () => {
    expect(dataDirectory({ XDG_CONFIG_HOME: '/there' })).toBe('/there/QEMU Binfmt Manager');
    expect(dataDirectory({})).toBe(`${os.homedir()}/.config/QEMU Binfmt Manager`);
    expect(dataFilesIn('/there').changes).toBe('/there/changes.jsonl');
  });

  test.runIf(process.getuid?.() === 0)(
    'of root is root’s own, also where sudo left the home of somebody else',
    () => {
      const env = { SUDO_UID: '1000', HOME: '/home/somebody', XDG_CONFIG_HOME: '/home/somebody/.config' };
      expect(dataDirectory(env)).toBe(`${os.userInfo().homedir}/.config/QEMU Binfmt Manager`);
    },
  );
});
