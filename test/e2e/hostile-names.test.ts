import { existsSync } from 'node:fs';
import { expect, test } from '../support/program.ts';
import { BINFMT_MISC, listEntries, readEntry, register } from '../support/registry.ts';

const names = [
  'qemu-$(touch pwned)',
  "qemu-a'b",
  'qemu-x y',
  'qemu--1',
  'qemu-`touch pwned`',
  'qemu-<img src=x onerror=alert(1)>',
];

test('entries with hostile names are shown, switched, reset and put back, and nothing is executed', async ({
  program,
}) => {
  for (const name of names) register(`|${name}|E||hostile${names.indexOf(name)}||/bin/true|`);
  for (const name of names) await expect(program.header(name)).toBeVisible();

  for (const name of names) {
    await program.switchOf(name).click();
    await expect(program.row(name)).toContainText('Disabled');
    expect(readEntry(name)).toMatch(/^disabled\n/);
  }
  await program.resetAll();
  await expect(program.status).toContainText(`Removed ${names.length} registrations`);
  expect(listEntries()).toEqual([]);
  await program.button('Undo').click();
  await expect(program.status).toContainText('Put back');
  expect(listEntries()).toEqual([...names].reverse());

  for (const directory of [process.cwd(), '/', '/tmp', BINFMT_MISC]) {
    expect(existsSync(`${directory}/pwned`)).toBe(false);
  }
});
