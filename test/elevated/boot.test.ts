import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setPolicy } from '../support/polkit-rules.ts';
import { entryOf, expect, test } from '../support/polkit-test.ts';
import { BOOT_FILES, clearBootFiles, listBootFiles, readBootFile } from '../support/private-etc.ts';
import type { Program } from '../support/program.ts';

// These tests have an /etc of their own.
test.beforeEach(clearBootFiles);
test.afterEach(clearBootFiles);

async function register(program: Program, target: string): Promise<void> {
  await program.switchOf(target).click();
  await expect(program.row(target)).toContainText('Enabled');
}

test('with permission Keep at boot writes the file as root, and Undo removes it', async ({
  start,
  targets: [target],
}) => {
  await setPolicy('granted');
  const program = await start();
  await register(program, target);
  await program.chooseFromMenu(target, 'Keep at boot');
  const file = `/etc/binfmt.d/qemu-${target}.conf`;
  await expect(program.status).toContainText(file);

  const lines = readFileSync(file, 'utf8').split('\n');
  expect(lines).toEqual([
    expect.stringMatching(/^# Kept at boot by QEMU Binfmt Manager, checksum [0-9a-f]{16}$/),
    expect.stringMatching(new RegExp(`^:qemu-${target}:M::.*:/usr/local/bin/qemu-${target}-static:F$`)),
    '',
  ]);
  expect(statSync(file)).toMatchObject({ uid: 0, gid: 0, mode: 0o100644 });
  expect(statSync(path.dirname(file))).toMatchObject({ uid: 0, gid: 0, mode: 0o40755 });

  await program.button('Undo').click();
  await expect(program.status).toContainText(`Put back ${file}`);
  expect(listBootFiles()).toEqual([]);
  expect(entryOf(target)).toMatch(/^enabled\n/);
});

test('refused, Keep at boot writes nothing', async ({ start, targets: [target] }) => {
  await setPolicy('granted');
  const program = await start();
  await register(program, target);
  await setPolicy('refused');
  await program.chooseFromMenu(target, 'Keep at boot');
  await expect(program.status).toContainText('Nothing was changed');
  expect(listBootFiles()).toEqual([]);
  await expect(program.button('Undo')).toHaveCount(0);
});

test('a file that an ordinary user may not read is left alone, and the message says so', async ({
  start,
  targets: [target],
}) => {
  await setPolicy('granted');
  const name = `qemu-${target}.conf`;
  mkdirSync(BOOT_FILES);
  writeFileSync(path.join(BOOT_FILES, name), '# secret\n', { mode: 0o600 });
  const program = await start();
  await register(program, target);
  await program.chooseFromMenu(target, 'Keep at boot');
  await expect(program.alert).toContainText(`${BOOT_FILES}/${name} may not be read by you`);
  expect(readBootFile(name)).toEqual({ kind: 'text', text: '# secret\n' });
});
