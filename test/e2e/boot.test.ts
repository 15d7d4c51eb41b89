import { mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { ownMarkFor } from '../../electron/binfmt/boot/own-mark.ts';
import { parseEntry, registrationOf } from '../../electron/binfmt/entry.ts';
import {
  dialogOf,
  enable,
  expect,
  expectAtBoot,
  lineFor,
  test,
  writeOwnFile,
} from '../support/boot-window.ts';
import { registrationOfTarget } from '../support/example-data.ts';
import {
  addBinfmtSupport,
  maskService,
  unmaskService,
  VENDOR_FILES,
  writeVendorFile,
} from '../support/private-boot.ts';
import { BOOT_FILES, FORMATS, listBootFiles, readBootFile } from '../support/private-etc.ts';
import type { Program } from '../support/program.ts';
import { listEntries, readEntry, register } from '../support/registry.ts';

const ARM = 'qemu-arm.conf';

const text = (content: string) => ({ kind: 'text', text: content });

/** What this program writes to keep a target. */
const ownTextOf = (target: string): string => `${ownMarkFor(`${lineFor(target)}\n`)}\n${lineFor(target)}\n`;

/** Closes the details, which leave the column At boot no room. */
const closeDetails = (program: Program): Promise<void> => program.button('Close details').click();

test.describe('Keep at boot', () => {
  test('writes a file with exactly what is registered, and Undo removes it', async ({ program }) => {
    await enable(program, 'arm');
    await expectAtBoot(program, 'arm', 'until restart');
    await program.header('arm').click();
    const details = program.detailsOf('arm');
    await expect(details).toContainText(
      'Nothing brings it back when the machine starts: a restart loses it.',
    );
    await details.getByRole('button', { name: 'Keep at boot' }).click();

    await expect(program.status).toContainText('qemu-arm will come back at boot');
    expect(readBootFile(ARM)).toEqual(text(ownTextOf('arm')));
    expect(statSync(path.join(BOOT_FILES, ARM)).mode & 0o7777).toBe(0o644);
    const registered = registrationOf(parseEntry('qemu-arm', readEntry('qemu-arm') ?? ''));
    expect(registered).toEqual(
      registrationOfTarget('arm', { interpreter: '/usr/local/bin/qemu-arm-static' }),
    );
    await expect(details).toContainText(
      `systemd-binfmt brings it back when the machine starts as it is now, from ${BOOT_FILES}/${ARM}, line 2.`,
    );
    await expect(details.getByRole('button', { name: 'Not at boot' })).toBeFocused();
    await closeDetails(program);
    await expectAtBoot(program, 'arm', 'kept');

    await program.button('Undo').click();
    await expectAtBoot(program, 'arm', 'until restart');
    expect(listBootFiles()).toEqual([]);
    expect(listEntries()).toEqual(['qemu-arm']);
  });

  test('and Not at boot are in the row’s menu, and possible when they would do something', async ({
    program,
  }) => {
    await enable(program, 'arm');
    await program.button('Actions for arm').click();
    await expect(program.page.getByRole('menuitem', { name: 'Not at boot' })).toBeDisabled();
    await program.page.getByRole('menuitem', { name: 'Keep at boot' }).click();
    await expectAtBoot(program, 'arm', 'kept');
    await program.button('Actions for arm').click();
    await expect(program.page.getByRole('menuitem', { name: 'Keep at boot' })).toBeDisabled();
    await program.page.getByRole('menuitem', { name: 'Not at boot' }).click();
    await expectAtBoot(program, 'arm', 'until restart');
    expect(listBootFiles()).toEqual([]);
  });

  test('does all that is selected at once, and Undo takes all of it back', async ({ program }) => {
    for (const target of ['aarch64', 'arm', 's390x']) await enable(program, target);
    await program.page.getByRole('radio', { name: /^Registered/ }).click();
    await program.header('aarch64').click();
    await program.header('s390x').click({ modifiers: ['Shift'] });
    await program.page.getByRole('button', { name: 'More actions for the selection' }).click();
    await program.page.getByRole('menuitem', { name: 'Keep at boot' }).click();
    await expect(program.status).toContainText('3 registrations will come back at boot');
    expect([...listBootFiles()].sort()).toEqual(['qemu-aarch64.conf', ARM, 'qemu-s390x.conf']);
    await program.button('Undo').click();
    await expect(program.status).toContainText('Put back 3 files');
    expect(listBootFiles()).toEqual([]);
  });

  test('says that no service reads the file where none does', async ({ program }) => {
    maskService();
    try {
      await enable(program, 'arm');
      await program.header('arm').click();
      const details = program.detailsOf('arm');
      await expect(details).toContainText('No service on this machine reads files that could.');
      await expect(details).toContainText('systemctl unmask systemd-binfmt.service');
      await details.getByRole('button', { name: 'Keep at boot' }).click();
      await expect(program.status).toContainText(
        `Wrote ${BOOT_FILES}/${ARM}, which no service on this machine reads`,
      );
      await closeDetails(program);
      await expectAtBoot(program, 'arm', 'file unread');
    } finally {
      unmaskService();
    }
    // Also that there is one again is known by itself.
    await expectAtBoot(program, 'arm', 'kept');
  });
});

test.describe('Not at boot', () => {
  test('masks a vendor’s file, and Undo brings it back', async ({ program }) => {
    writeVendorFile(ARM, `${lineFor('arm')}\n`);
    await expectAtBoot(program, 'arm', 'comes back');
    await program.header('arm').click();
    const details = program.detailsOf('arm');
    await expect(details).toContainText(
      `It is not registered now, and comes back when the machine starts: systemd-binfmt registers it from ${VENDOR_FILES}/${ARM}, line 1.`,
    );
    await details.getByRole('button', { name: 'Not at boot: qemu-arm' }).click();
    await expect(details).toContainText(
      `${VENDOR_FILES}/${ARM} would register it, but ${BOOT_FILES}/${ARM} masks that file.`,
    );
    expect(readBootFile(ARM)).toEqual({ kind: 'masked' });
    expect(readFileSync(path.join(VENDOR_FILES, ARM), 'utf8')).toBe(`${lineFor('arm')}\n`);
    await program.button('Undo').click();
    await expect(details).toContainText('comes back when the machine starts');
    expect(listBootFiles()).toEqual([]);
    await closeDetails(program);
    await expectAtBoot(program, 'arm', 'comes back');
  });

  test('tells what else a file brings back before it masks it', async ({ program }) => {
    const everything = `${lineFor('arm')}\n:jar:E::jar::/usr/bin/jexec:\n`;
    writeVendorFile('everything.conf', everything);
    await expectAtBoot(program, 'arm', 'comes back');
    await program.chooseFromMenu('arm', 'Not at boot');
    const dialog = dialogOf(program, 'Mask this file?');
    await expect(
      dialog.getByRole('region', { name: `What ${VENDOR_FILES}/everything.conf says` }),
    ).toHaveText(everything.trimEnd());
    await expect(dialog).toContainText('It also brings back jar, which nothing would bring back any more.');
    await dialog.getByRole('button', { name: 'Mask' }).click();
    await expectAtBoot(program, 'arm', '—');
    expect(readBootFile('everything.conf')).toEqual({ kind: 'masked' });
  });
});

test.describe('a file of somebody else', () => {
  const theirs = `# Hands off!\n${lineFor('arm', '/usr/bin/env')}\n`;

  test('is shown, left alone on Cancel, replaced on Replace, and brought back by Undo', async ({
    program,
  }) => {
    writeOwnFile(ARM, theirs);
    await enable(program, 'arm');
    await expectAtBoot(program, 'arm', 'keptdiffers');
    await program.chooseFromMenu('arm', 'Keep at boot');
    const dialog = dialogOf(program, 'Replace this file?');
    await expect(dialog).toContainText('Somebody else wrote it.');
    await expect(dialog.getByRole('region', { name: `What ${BOOT_FILES}/${ARM} says` })).toHaveText(
      theirs.trimEnd(),
    );
    await expect(dialog.getByRole('region', { name: 'What it will say' })).toContainText(lineFor('arm'));
    await dialog.getByRole('button', { name: `Copy ${BOOT_FILES}/${ARM}` }).click();
    await expect.poll(() => program.readClipboard()).toBe(theirs);
    await dialog.getByText('What will run').click();
    await expect(dialog).toContainText(`Write ${BOOT_FILES}/${ARM}`);
    await dialog.getByRole('button', { name: 'Cancel' }).click();
    await expect(dialog).toBeHidden();
    expect(readBootFile(ARM)).toEqual(text(theirs));

    await program.chooseFromMenu('arm', 'Keep at boot');
    await dialog.getByRole('button', { name: 'Replace' }).click();
    await expectAtBoot(program, 'arm', 'kept');
    expect(readBootFile(ARM)).toEqual(text(ownTextOf('arm')));
    await program.button('Undo').click();
    await expectAtBoot(program, 'arm', 'keptdiffers');
    expect(readBootFile(ARM)).toEqual(text(theirs));
  });

  test('is a link’s place: its end is shown and stays as it is', async ({ program }) => {
    writeFileSync('/etc/elsewhere.conf', theirs);
    mkdirSync(BOOT_FILES, { recursive: true });
    symlinkSync('/etc/elsewhere.conf', path.join(BOOT_FILES, ARM));
    await enable(program, 'arm');
    await expectAtBoot(program, 'arm', 'keptdiffers');
    await program.chooseFromMenu('arm', 'Keep at boot');
    const dialog = dialogOf(program, 'Replace this file?');
    await expect(dialog).toContainText('It is a link to /etc/elsewhere.conf. What is there stays as it is.');
    await expect(dialog.getByRole('region', { name: `What ${BOOT_FILES}/${ARM} says` })).toContainText(
      'Hands off!',
    );
    await dialog.getByRole('button', { name: 'Replace' }).click();
    await expectAtBoot(program, 'arm', 'kept');
    expect(readBootFile(ARM)).toEqual(text(ownTextOf('arm')));
    expect(readFileSync('/etc/elsewhere.conf', 'utf8')).toBe(theirs);
    await program.button('Undo').click();
    await expectAtBoot(program, 'arm', 'keptdiffers');
    expect(readBootFile(ARM)).toEqual({ kind: 'link', target: '/etc/elsewhere.conf' });
  });

  test('is a mask’s: what it keeps away is said before it goes', async ({ program }) => {
    mkdirSync(BOOT_FILES, { recursive: true });
    symlinkSync('/dev/null', path.join(BOOT_FILES, ARM));
    await enable(program, 'arm');
    await program.chooseFromMenu('arm', 'Keep at boot');
    const dialog = dialogOf(program, 'Replace this file?');
    await expect(dialog).toContainText('It is a mask, a link to /dev/null');
    await dialog.getByRole('button', { name: 'Replace' }).click();
    await expectAtBoot(program, 'arm', 'kept');
    await program.button('Undo').click();
    await expectAtBoot(program, 'arm', 'until restart');
    expect(readBootFile(ARM)).toEqual({ kind: 'masked' });
  });

  test('that changes while it is shown is left alone, and the message says so', async ({ program }) => {
    writeOwnFile(ARM, theirs);
    await enable(program, 'arm');
    await program.chooseFromMenu('arm', 'Keep at boot');
    const dialog = dialogOf(program, 'Replace this file?');
    await expect(dialog).toContainText('Hands off!');
    writeOwnFile(ARM, `${theirs}# one line more\n`);
    await dialog.getByRole('button', { name: 'Replace' }).click();
    await expect(program.alert).toContainText(
      `${BOOT_FILES}/${ARM} was left alone: somebody else changed it meanwhile. Look at it again.`,
    );
    expect(readBootFile(ARM)).toEqual(text(`${theirs}# one line more\n`));
  });

  test('that differs is a finding, and its action shows it as well', async ({ program }) => {
    register(lineFor('arm'));
    writeOwnFile(ARM, theirs);
    await expectAtBoot(program, 'arm', 'keptdiffers');
    await program.header('arm').click();
    const diagnosis = program.detailsOf('arm').getByRole('listitem').filter({ hasText: 'says otherwise' });
    await expect(diagnosis).toContainText('its interpreter will be /usr/bin/env');
    await diagnosis.getByRole('button', { name: 'Keep at boot' }).click();
    await dialogOf(program, 'Replace this file?').getByRole('button', { name: 'Replace' }).click();
    await expect(diagnosis).toHaveCount(0);
    expect(readBootFile(ARM)).toEqual(text(ownTextOf('arm')));
  });
});

test.describe('where binfmt-support alone runs', () => {
  let remove: () => void;
  test.beforeEach(() => {
    remove = addBinfmtSupport();
    maskService();
  });
  test.afterEach(() => {
    unmaskService();
    remove();
  });

  test('Not at boot takes a package’s format off its list, and says that an upgrade brings it again', async ({
    program,
  }) => {
    const theirs = 'jarwrapper\nextension\n0\njar\n\n/bin/true\n\nno\nno\nno\n';
    mkdirSync(FORMATS, { recursive: true });
    writeFileSync(path.join(FORMATS, 'jar'), theirs);
    register(':jar:E::jar::/bin/true:');
    await expectAtBoot(program, 'jar', 'kept');
    await program.chooseFromMenu('jar', 'Not at boot');
    const dialog = dialogOf(program, 'Remove this file?');
    await expect(dialog).toContainText(
      'It came with the package jarwrapper, which brings it again when it is upgraded or installed anew.',
    );
    await dialog.getByRole('button', { name: 'Remove' }).click();
    await expect(program.status).toContainText('jar will not come back at boot');
    await expectAtBoot(program, 'jar', 'until restart');
    expect(listBootFiles(FORMATS)).toEqual([]);
    expect(listEntries()).toEqual(['jar']);
    await program.button('Undo').click();
    await expectAtBoot(program, 'jar', 'kept');
    expect(readBootFile('jar', FORMATS)).toEqual(text(theirs));
  });

  test('Keep at boot writes a format of it', async ({ program }) => {
    await enable(program, 'arm');
    await program.header('arm').click();
    const details = program.detailsOf('arm');
    await details.getByRole('button', { name: 'Keep at boot' }).click();
    await expect(program.status).toContainText('qemu-arm will come back at boot');
    await expect(details).toContainText(
      `binfmt-support registers it when the machine starts, from a list of its own, ${FORMATS}/qemu-arm.`,
    );
    expect(listBootFiles()).toEqual([]);
    await details.getByRole('button', { name: 'Not at boot' }).click();
    await expect(details).toContainText('a restart loses it');
    expect(listBootFiles(FORMATS)).toEqual([]);
  });
});

test('what somebody else does to boot files shows by itself', async ({ program }) => {
  await enable(program, 'arm');
  await expectAtBoot(program, 'arm', 'until restart');
  writeOwnFile(ARM, `${lineFor('arm')}\n`);
  await expectAtBoot(program, 'arm', 'kept');
  writeOwnFile(ARM, ':nonsense\n');
  await expectAtBoot(program, 'arm', 'until restart');
  await program.button('Dismiss message').click();
  await program.button('1 boot file has refused lines').click();
  await expect(dialogOf(program, 'Apply the boot configuration?')).toContainText(
    `${BOOT_FILES}/${ARM}, line 1`,
  );
});
