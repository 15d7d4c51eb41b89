import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from '@playwright/test';
import { rememberSystem } from '../../support/clean-system.ts';
import { setPolicy } from '../../support/polkit-rules.ts';

const LIB = '/usr/lib/qemu-binfmt-manager';

test('the package installs where nothing is but what it depends on', async () => {
  rememberSystem();
  const { PACKAGE = '' } = process.env;
  execFileSync('apt-get', ['install', '--yes', '--no-install-recommends', PACKAGE], { stdio: 'pipe' });

  const libraries = readdirSync(LIB).filter((name) => name.includes('.so'));
  for (const file of ['qemu-binfmt-manager.bin', 'chrome-sandbox', 'chrome_crashpad_handler', ...libraries]) {
    const needed = execFileSync('ldd', [path.join(LIB, file)], { encoding: 'utf8' });
    expect(needed, file).not.toContain('not found');
  }
  // Whoever wants to change something is not asked for a password, here and in the tests that follow.
  await setPolicy('granted');
});
