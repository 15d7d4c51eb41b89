import { rmSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { BootFiles } from '../support/boot-files.ts';
import { lacksBootOracles, needingBootOracles, runBootProgram } from '../support/boot-oracles.ts';
import { chooseApply, expect, expectAtBoot, lineFor, test, writeOwnFile } from '../support/boot-window.ts';
import { maskService, unmaskService, VENDOR_FILES, writeVendorFile } from '../support/private-boot.ts';
import { BOOT_FILES } from '../support/private-etc.ts';
import { clearRegistry, listEntries, readEntry, readRegistry, register } from '../support/registry.ts';

test.describe('Apply boot configuration', () => {
  test('shows what changes, brings it about, and is undone', async ({ program }) => {
    register(lineFor('arm'));
    register(lineFor('s390x', '/usr/local/bin/qemu-s390x', ''));
    register(':jar:E::jar::/bin/true:');
    const before = readRegistry();
    writeVendorFile('qemu-aarch64.conf', `${lineFor('aarch64')}\n`);
    writeVendorFile('qemu-arm.conf', `${lineFor('arm')}\n`);
    writeVendorFile('qemu-s390x.conf', `${lineFor('s390x')}\n`);
    await expectAtBoot(program, 'aarch64', 'comes back');

    const dialog = await chooseApply(program);
    await expect(dialog).toContainText('1 to add');
    await expect(dialog).toContainText('1 to change');
    await expect(dialog).toContainText('1 to remove');
    await expect(dialog).toContainText('1 the same');
    const changing = dialog.getByRole('list', { name: 'What changes' }).getByRole('listitem');
    await expect(changing.filter({ hasText: 'jar' })).toContainText('It is removed.');
    await expect(changing.filter({ hasText: 's390x' })).toContainText(
      'Interpreter /usr/local/bin/qemu-s390x-static instead of /usr/local/bin/qemu-s390x; flags F instead of none.',
    );

    await dialog.getByText('Also remove what is not configured, as systemd-binfmt does').click();
    await expect(dialog).not.toContainText('to remove');
    await dialog.getByText('Also remove what is not configured, as systemd-binfmt does').click();
    await expect(dialog).toContainText('1 to remove');
    await dialog.getByRole('button', { name: 'Apply' }).click();
    await expect(program.row('aarch64')).toContainText('Enabled');
    expect([...listEntries()].sort()).toEqual(['qemu-aarch64', 'qemu-arm', 'qemu-s390x']);
    expect(readEntry('qemu-s390x')).toContain('interpreter /usr/local/bin/qemu-s390x-static\n');

    const again = await chooseApply(program);
    await expect(again).toContainText('Everything is registered like this already.');
    await expect(again.getByRole('button', { name: 'Apply' })).toBeDisabled();
    await again.getByRole('button', { name: 'Cancel' }).click();

    await program.button('Undo').click();
    await expect(program.status).toContainText('Put back');
    expect(Object.fromEntries(readRegistry())).toEqual(Object.fromEntries(before));
  });

  test('names what could not be put back, and follows what changes meanwhile', async ({ program }) => {
    const interpreter = '/etc/vanishing-qemu';
    writeFileSync(interpreter, '', { mode: 0o755 });
    register(lineFor('arm', interpreter));
    await expect(program.row('arm')).toContainText('Enabled');
    const dialog = await chooseApply(program);
    await expect(dialog).toContainText('1 to remove');
    await expect(dialog).not.toContainText('cannot be put back');
    register(':jar:E::jar::/bin/true:');
    await expect(dialog).toContainText('2 to remove');
    rmSync(interpreter);
    await expect(dialog).toContainText(
      /These cannot be put back:\s*qemu-arm: its interpreter \/etc\/vanishing-qemu/,
    );
    await dialog.getByRole('button', { name: 'Cancel' }).click();
  });

  test('has nothing to apply where no service runs', async ({ program }) => {
    maskService();
    try {
      register(lineFor('arm'));
      await expect(program.row('arm')).toContainText('Enabled');
      const dialog = await chooseApply(program);
      await expect(dialog).toContainText('no service on this machine registers formats when it starts');
      await expect(dialog.getByRole('button', { name: 'Apply' })).toHaveCount(0);
      await dialog.getByRole('button', { name: 'Close' }).click();
      expect(listEntries()).toEqual(['qemu-arm']);
    } finally {
      unmaskService();
    }
  });
});

test.describe(needingBootOracles('Applied, the registry is what systemd-binfmt makes it'), () => {
  test.skip(lacksBootOracles);

  const vendors = {
    'qemu-aarch64.conf': `# by hand\n${lineFor('aarch64', '/opt/aarch64', 'P')}\n`,
    'qemu-arm.conf': `${lineFor('arm', '/opt/vendors', '')}\n`,
    'qemu-sh4.conf': `${lineFor('sh4', '/opt/sh4', '')}\n`,
    'zz-last.conf': `:nonsense\n${lineFor('aarch64', '/bin/sh')}\n:script:E::scr::/bin/sh:OC\n:x:M:4:\\xf0\\xf1::/bin/sh:\n`,
  };
  const own = { 'qemu-arm.conf': `${lineFor('arm', '/opt/own', '')}\n` };

  /** Writes all of it where the window reads it, and returns what the real program then makes of it. */
  function askSystemd(): ReturnType<typeof readRegistry> {
    const files = new BootFiles().withServices('systemd-binfmt');
    try {
      for (const [name, content] of Object.entries(vendors)) {
        writeVendorFile(name, content);
        files.write(`${VENDOR_FILES}/${name}`, content);
      }
      for (const [name, content] of Object.entries(own)) {
        writeOwnFile(name, content);
        files.write(`${BOOT_FILES}/${name}`, content);
      }
      symlinkSync('/dev/null', path.join(BOOT_FILES, 'qemu-sh4.conf'));
      files.link(`${BOOT_FILES}/qemu-sh4.conf`, '/dev/null');
      runBootProgram('systemd-binfmt', files);
    } finally {
      files.remove();
    }
    return readRegistry();
  }

  test('from nothing, down to the order', async ({ program }) => {
    const wanted = askSystemd();
    expect(wanted.map(([name]) => name)).toEqual(['x', 'script', 'qemu-aarch64', 'qemu-arm']);
    clearRegistry();
    const dialog = await chooseApply(program);
    await expect(dialog).toContainText('4 to add');
    await expect(dialog).toContainText(`${VENDOR_FILES}/zz-last.conf, line 1, registers nothing`);
    await dialog.getByRole('button', { name: 'Apply' }).click();
    await expect(program.status).toContainText('Changed');
    expect(readRegistry()).toEqual(wanted);
  });

  test('from something else', async ({ program }) => {
    const wanted = askSystemd();
    clearRegistry();
    register(lineFor('aarch64'));
    register(':script:E::sh::/bin/true:');
    register(lineFor('m68k'));
    register(lineFor('arm', '/opt/own', ''));
    await expect(program.row('m68k')).toContainText('Enabled');
    const dialog = await chooseApply(program);
    for (const total of ['1 to add', '2 to change', '1 to remove', '1 the same']) {
      await expect(dialog).toContainText(total);
    }
    await dialog.getByRole('button', { name: 'Apply' }).click();
    await expect(program.status).toContainText('Changed');
    expect(Object.fromEntries(readRegistry())).toEqual(Object.fromEntries(wanted));
  });
});
