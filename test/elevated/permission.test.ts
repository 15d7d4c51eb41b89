import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { HeldScript } from '../support/polkit-held-script.ts';
import { emptyShells } from '../support/polkit-obstacles.ts';
import { setPolicy } from '../support/polkit-rules.ts';
import { entryOf, expect, test } from '../support/polkit-test.ts';
import { readRegistry } from '../support/registry.ts';

test('with permission the switch registers, disables and enables, and the log says what was sent', async ({
  start,
  targets: [target],
  userData,
}) => {
  await setPolicy('granted');
  const program = await start();
  await expect(program.page.getByText('asks for your password')).toBeVisible();

  await program.switchOf(target).click();
  await expect(program.row(target)).toContainText('Enabled');
  await expect(program.status).toContainText(`Registered ${target}`);
  expect(entryOf(target)).toMatch(
    new RegExp(
      `^enabled\ninterpreter /usr/local/bin/qemu-${target}-static\nflags: F\noffset 0\nmagic 7f454c46`,
    ),
  );

  await program.switchOf(target).click();
  await expect(program.row(target)).toContainText('Disabled');
  expect(entryOf(target)).toMatch(/^disabled\n/);
  await program.switchOf(target).click();
  await expect(program.row(target)).toContainText('Enabled');
  expect(entryOf(target)).toMatch(/^enabled\n/);

  const log = readLog(userData);
  expect(log).toContain(`carry_out 1 register ':qemu-${target}:M:`);
  expect(log).toContain(`carry_out 1 set_entry 0 'qemu-${target}'`);
  expect(log.match(/^[0-9a-f]{32} 1 done$/gm)).toHaveLength(3);
});

test('a refusal is no error: the switch goes back and the message says that nothing was changed', async ({
  start,
  targets: [target],
}) => {
  await setPolicy('refused');
  const before = readRegistry();
  const program = await start();
  await program.switchOf(target).click();
  await expect(program.status).toContainText(
    'Nothing was changed: the password was wrong, or this system’s policy does not let you. ' +
      'Try again, or ask an administrator to add you to the group sudo or wheel, or to make the change.',
  );
  await expect(program.switchOf(target)).not.toBeChecked();
  await expect(program.row(target)).toContainText('Not registered');
  await expect(program.alert).toHaveCount(0);
  await expect(program.button('Undo')).toHaveCount(0);
  expect(readRegistry()).toEqual(before);
});

test('where nobody can ask for the password, the message names what is missing and a way out', async ({
  start,
  targets: [target],
}) => {
  await setPolicy('default');
  const before = readRegistry();
  const program = await start();
  await program.switchOf(target).click();
  await expect(program.alert).toContainText('No polkit authentication agent is running');
  await expect(program.alert).toContainText('start this program as root');
  await expect(program.switchOf(target)).not.toBeChecked();
  expect(readRegistry()).toEqual(before);
});

test('a desktop’s unusual variables keep nobody from being asked', async ({ start, targets: [target] }) => {
  await setPolicy('granted');
  // pkexec takes neither a shell that is not in /etc/shells nor a locale with a slash.
  const program = await start({ environment: { SHELL: '/opt/fish', LC_TIME: '/usr/share/locale/mine' } });
  await program.switchOf(target).click();
  await expect(program.status).toContainText(`Registered ${target}`);
  expect(entryOf(target)).toMatch(/^enabled\n/);
});

test('whatever else pkexec refuses for, its own words are told', async ({ start, targets: [target] }) => {
  await setPolicy('granted');
  const putBack = emptyShells();
  try {
    const before = readRegistry();
    const program = await start();
    await program.switchOf(target).click();
    await expect(program.alert).toHaveText(
      /^Nothing was changed, for pkexec refused: The value for the SHELL variable was not found .*\/etc\/shells/,
    );
    expect(readRegistry()).toEqual(before);
  } finally {
    putBack();
  }
});

test('while root is at work the window says so, and there is nothing to cancel', async ({
  start,
  targets,
}) => {
  await setPolicy('granted');
  const program = await start();
  const script = HeldScript.hold();
  const changing = program.page.evaluate(
    (names) => window.binfmt.change({ kind: 'register', targets: names }),
    [...targets],
  );
  await expect(program.status).toContainText('Making the change…');
  await expect(program.button('Cancel request')).toHaveCount(0);
  script.release();
  expect(await changing).toMatchObject({ kind: 'done' });
  await expect(program.status).not.toContainText('Making the change…');
});

/** The log file, wherever it lies among the program's data. */
function readLog(directory: string): string {
  const files = readdirSync(directory, { recursive: true, encoding: 'utf8' });
  const file = files.find((name) => name.endsWith('main.log'));
  return file === undefined ? '' : readFileSync(path.join(directory, file), 'utf8');
}
