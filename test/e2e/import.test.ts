import { copyFileSync, existsSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Locator } from '@playwright/test';
import { brokenFiles } from '../support/broken-files.ts';
import { chooseImport, expect, importDialog, test } from '../support/exchange-window.ts';
import type { Program } from '../support/program.ts';
import { BINFMT_MISC, listEntries, readEntry, readRegistry, register } from '../support/registry.ts';

const documentOf = (...entries: readonly object[]): string =>
  JSON.stringify({ format: 'qemu-binfmt-manager/registrations', version: 1, entries });
const extension = (name: string, changes: object = {}): object => ({
  name,
  enabled: true,
  type: 'extension',
  extension: name,
  interpreter: '/bin/true',
  flags: '',
  ...changes,
});

/** Writes a file and chooses it. */
function importText(program: Program, directory: string, text: string | Uint8Array, name = 'x.json') {
  const file = path.join(directory, name);
  writeFileSync(file, text);
  return chooseImport(program, file);
}

const changesIn = (dialog: Locator): Locator =>
  dialog.getByRole('list', { name: 'What changes' }).getByRole('listitem');
const importButton = (dialog: Locator): Locator =>
  dialog.getByRole('button', { name: 'Import', exact: true });

test('what changes is shown, brought about as one change, and taken back by Undo', async ({
  program,
  directory,
}) => {
  register(':gone:E::gone::/bin/true:');
  register(':same:E::same::/bin/true:');
  register(':other:E::other::/bin/false:');
  await expect(program.row('other')).toContainText('Enabled');
  const before = readRegistry();
  const text = documentOf(extension('new', { enabled: false }), extension('other'), extension('same'));
  const dialog = await importText(program, directory, text);

  await expect(dialog).toContainText(path.join(directory, 'x.json'));
  for (const total of ['1 to add', '1 to change', '1 the same']) await expect(dialog).toContainText(total);
  await expect(dialog).not.toContainText('to remove');
  const changes = changesIn(dialog);
  await expect(changes.filter({ hasText: 'new' })).toContainText(
    'It is registered with /bin/true, no flags, disabled.',
  );
  await expect(changes.filter({ hasText: 'other' })).toContainText(
    'Interpreter /bin/true instead of /bin/false.',
  );

  await dialog.getByRole('checkbox', { name: 'Also remove what the file does not have' }).check();
  await expect(dialog).toContainText('1 to remove');
  await expect(changes.filter({ hasText: 'gone' })).toContainText('It is removed.');
  await dialog.getByText('What will run').click();
  await expect(dialog).toContainText('Register other with /bin/true in place of the present entry');
  expect(readRegistry()).toEqual(before);

  await importButton(dialog).click();
  await expect(program.status).toContainText('Changed 3 registrations');
  expect([...listEntries()].sort()).toEqual(['new', 'other', 'same']);
  expect(readEntry('new')).toMatch(/^disabled\n/);
  expect(readEntry('other')).toContain('interpreter /bin/true\n');
  expect(await program.pastChanges()).toHaveLength(1);
  await program.button('Undo').click();
  await expect(program.status).toContainText('Put back');
  expect(Object.fromEntries(readRegistry())).toEqual(Object.fromEntries(before));
});

test('what cannot work and what is a risk is said before', async ({ program, directory }) => {
  const text = documentOf(
    extension('held', { interpreter: '/no/such', flags: 'F' }),
    extension('evil', { interpreter: '/tmp/evil', flags: 'OC' }),
    extension('fine'),
  );
  const dialog = await importText(program, directory, text);
  const changes = changesIn(dialog);
  await expect(changes.filter({ hasText: 'held' })).toContainText(
    '/no/such is not there, and the kernel opens it at once (flag F): it will refuse this.',
  );
  await expect(changes.filter({ hasText: '/tmp/evil is not there' })).toContainText(
    'With flag C a set-uid program keeps its rights',
  );
  await expect(changes.filter({ hasText: 'fine' }).getByRole('img', { name: 'Warning' })).toHaveCount(0);
});

test('the preview follows what changes meanwhile', async ({ program, directory }) => {
  const dialog = await importText(program, directory, documentOf(extension('one'), extension('two')));
  await expect(dialog).toContainText('2 to add');
  register(':one:E::one::/bin/true:');
  await expect(dialog).toContainText('1 to add');
  await expect(dialog).toContainText('1 the same');
  register(':two:E::two::/bin/true:');
  await expect(dialog).toContainText('Everything is registered like this already.');
  await expect(importButton(dialog)).toBeDisabled();
});

test('Cancel changes nothing, and choosing no file asks nothing @main-process', async ({
  program,
  directory,
}) => {
  const dialog = await importText(program, directory, documentOf(extension('one')));
  await expect(changesIn(dialog)).toHaveCount(1);
  await expect(dialog.getByRole('button', { name: 'Cancel' })).toBeFocused();
  await program.page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();
  await chooseImport(program, null);
  await expect(dialog).toBeHidden();
  expect(listEntries()).toEqual([]);
});

test('a .conf file is imported as systemd would read it', async ({ program, directory }) => {
  const text = '# comment\n:first:E::first::/bin/true:\n\n  :second:M:2:\\x01\\x02:\\xff\\x0f:/bin/true:P\n';
  const dialog = await importText(program, directory, text, 'some.conf');
  await expect(changesIn(dialog)).toHaveCount(2);
  await importButton(dialog).click();
  await expect(program.status).toContainText('Changed 2 registrations');
  expect(listEntries()).toEqual(['second', 'first']);
  expect(readEntry('second')).toBe(
    'enabled\ninterpreter /bin/true\nflags: P\noffset 2\nmagic 0102\nmask ff0f\n',
  );
});

test('broken, foreign and newer files are named with line or path, and change nothing @main-process', async ({
  program,
  directory,
}) => {
  register(':there:E::there::/bin/true:');
  const before = readRegistry();
  const every = Math.floor(brokenFiles.length / 14);
  const some = brokenFiles.filter((_, index) => index % every === 0);
  expect(some.length).toBeGreaterThanOrEqual(10);
  const dialog = program.page.getByRole('dialog', { name: 'This file cannot be imported' });
  for (const { name = 'x.json', content, place, sentence } of some) {
    await importText(program, directory, content, name);
    const problem = dialog.getByRole('alert');
    await expect(problem).toContainText(typeof place === 'number' ? `Line ${place}` : place);
    await expect(problem).toContainText(sentence);
    await expect(dialog).toContainText('Nothing was changed.');
    await dialog.getByRole('button', { name: 'Close' }).click();
    await expect(dialog).toBeHidden();
  }
  await chooseImport(program, directory);
  await expect(dialog).toContainText('This is not a file, but a directory or a device.');
  await program.expectNoAccessibilityViolation();

  // The next one may do.
  const good = path.join(directory, 'good.json');
  writeFileSync(good, documentOf(extension('good')));
  await program.answerFileDialogs(good);
  await dialog.getByRole('button', { name: 'Choose another file…' }).click();
  await expect(changesIn(importDialog(program))).toHaveCount(1);
  expect(readRegistry()).toEqual(before);
});

test('hostile names are shown as text, and nothing in them is executed', async ({ program, directory }) => {
  const names = [
    '$(touch pwned)',
    '<img src=x onerror=alert(1)>',
    "a'b`touch pwned`",
    '\u202egnp',
    '-1',
    'x\ny',
  ];
  const entries = names.map((name, index) => extension(name, { extension: `hostile${index}` }));
  const dialog = await importText(program, directory, documentOf(...entries), '$(touch pwned).json');
  await expect(dialog.locator('.difference-change .path')).toHaveText(names);
  await importButton(dialog).click();
  await expect(program.status).toContainText(`Changed ${names.length} registrations`);
  expect(listEntries()).toEqual(names);
  for (const place of [process.cwd(), '/', '/tmp', BINFMT_MISC, directory]) {
    expect(existsSync(`${place}/pwned`)).toBe(false);
  }
});

test('what would take the host’s own programs is left alone in words, and the rest is done', async ({
  program,
  directory,
}) => {
  const native = {
    ...extension('native'),
    type: 'magic',
    extension: undefined,
    offset: 0,
    magic: '7f454c46',
    mask: null,
  };
  const dialog = await importText(program, directory, documentOf(native, extension('harmless')));
  await expect(changesIn(dialog).filter({ hasText: 'native' })).toContainText(
    'It is left as it is: it would take this machine’s own programs',
  );
  await importButton(dialog).click();
  await expect(program.status).toContainText('Changed harmless');
  await expect(program.status).toContainText('native: it would take this machine’s own programs');
  expect(listEntries()).toEqual(['harmless']);

  const alone = await importText(program, directory, documentOf(native));
  await expect(alone).toContainText('Nothing was changed. native: it would take');
  await expect(importButton(alone)).toBeDisabled();
});

test('what could not be put back is named before it goes', async ({ program, directory }) => {
  const gone = '/dev/shm/interpreter-that-goes';
  copyFileSync('/bin/true', gone);
  register(`:held:E::held::${gone}:F`);
  register(`:changed:E::changed::${gone}:F`);
  rmSync(gone);
  await expect(program.row('changed')).toContainText('Enabled');
  const dialog = await importText(program, directory, documentOf(extension('changed'), extension('new')));
  await expect(changesIn(dialog).filter({ hasText: 'changed' })).toContainText(
    'what is registered now could not be put back once replaced',
  );
  await dialog.getByRole('checkbox').check();
  await expect(changesIn(dialog).filter({ hasText: 'held' })).toContainText(
    'It is removed, and cannot be put back.',
  );
  await expect(dialog).toContainText(`held: its interpreter ${gone} is not on this machine`);
});

test('a file that is dropped on the window is explained, and can be imported from there', async ({
  program,
  directory,
}) => {
  const file = path.join(directory, 'dropped.json');
  writeFileSync(file, documentOf(extension('dropped')));
  await program.drop(file);
  const explanation = program.page.getByRole('dialog', { name: /^Why does this file/ });
  await explanation.getByRole('button', { name: 'Import it…' }).click();
  await expect(explanation).toBeHidden();
  const dialog = importDialog(program);
  await expect(dialog).toContainText(file);
  await importButton(dialog).click();
  await expect.poll(listEntries).toEqual(['dropped']);
});

test('everything can be done from the keyboard alone @main-process', async ({ program, directory }) => {
  const { keyboard } = program.page;
  const file = path.join(directory, 'x.json');
  writeFileSync(file, documentOf(extension('typed')));
  register(':gone:E::gone::/bin/true:');
  await program.answerFileDialogs(file);
  await program.press('I', 'control');
  const dialog = importDialog(program);
  await expect(dialog.getByRole('button', { name: 'Cancel' })).toBeFocused();
  await keyboard.press('Shift+Tab');
  await expect(dialog.getByText('What will run')).toBeFocused();
  await keyboard.press('Shift+Tab');
  await expect(dialog.getByRole('checkbox')).toBeFocused();
  await keyboard.press('Space');
  await expect(dialog).toContainText('1 to remove');
  await keyboard.press('Tab');
  await keyboard.press('Tab');
  await keyboard.press('Tab');
  await expect(importButton(dialog)).toBeFocused();
  await keyboard.press('Enter');
  await expect.poll(listEntries).toEqual(['typed']);
});

for (const colorScheme of ['light', 'dark'] as const) {
  test(`axe finds nothing in the dialog, ${colorScheme}, and it fits 720 px`, async ({
    program,
    directory,
  }) => {
    await program.page.emulateMedia({ colorScheme });
    await program.resize(720, 600);
    register(':other:E::other::/bin/false:');
    register(':same:E::same::/bin/true:');
    const dialog = await importText(
      program,
      directory,
      documentOf(extension('new'), extension('other'), extension('same')),
    );
    await expect(changesIn(dialog)).toHaveCount(2);
    await dialog.getByText('What stays the same').click();
    await dialog.getByText('What will run').click();
    await program.expectNoAccessibilityViolation();
    const modal = program.page.locator('.modal');
    expect(await modal.evaluate((box) => box.scrollWidth - box.clientWidth)).toBe(0);
  });
}
