import { killProgram, user } from '../support/ordinary-user.ts';
import { HeldScript } from '../support/polkit-held-script.ts';
import { elevatedShells, openPrompts } from '../support/polkit-processes.ts';
import { setPolicy } from '../support/polkit-rules.ts';
import { entryOf, expect, test } from '../support/polkit-test.ts';
import { readRegistry } from '../support/registry.ts';

test('what is permitted when the program that asked was killed is not done', async ({
  start,
  startAgent,
  targets: [target],
}) => {
  await setPolicy('asks');
  const before = readRegistry();
  const program = await start();
  const agent = startAgent();
  await program.switchOf(target).click();
  await agent.asks();
  await killProgram(program);
  // sudo-prompt's shell is still there, and pkexec does not learn that nobody listens.
  expect(openPrompts()).toHaveLength(1);
  await agent.type(user.password);
  await expect.poll(() => openPrompts().length + elevatedShells().length).toBe(0);
  expect(readRegistry()).toEqual(before);

  const again = await start();
  await expect(again.row(target)).toContainText('Not registered');
  await again.button('Past changes').click();
  await expect(again.page.getByRole('dialog')).toContainText('The system shows 0 of 1 as done.');
});

test('root’s shell killed halfway: the message, the table and the kernel agree', async ({
  start,
  targets,
}) => {
  const [first, second, third] = targets;
  await setPolicy('granted');
  const program = await start();
  const script = HeldScript.hold();
  const changing = program.page.evaluate(
    (names) => window.binfmt.change({ kind: 'register', targets: names }),
    [...targets],
  );
  await expect.poll(() => entryOf(first)).toMatch(/^enabled\n/);
  const shells = elevatedShells();
  expect(shells).toHaveLength(1);
  for (const shell of shells) process.kill(shell.pid, 'SIGKILL');
  script.release();

  const result = await changing;
  expect(result).toMatchObject({ kind: 'failed', message: '2 of 3 changes failed.' });
  expect(result.details).toEqual([
    expect.stringMatching(`^Register qemu-${second} .*not carried out`),
    expect.stringMatching(`^Register qemu-${third} .*not carried out`),
  ]);
  expect([second, third].map(entryOf)).toEqual([null, null]);
  await expect(program.row(first)).toContainText('Enabled');
  for (const target of [second, third]) await expect(program.row(target)).toContainText('Not registered');

  // What was done can be undone.
  await program.page.evaluate((change) => window.binfmt.change({ kind: 'undo', change }), result.undo ?? 0);
  await expect(program.row(first)).toContainText('Not registered');
  expect(entryOf(first)).toBeNull();
});

test('a program killed halfway shows at its next start what took effect', async ({ start, targets }) => {
  await setPolicy('granted');
  const program = await start();
  const script = HeldScript.hold();
  void program.page
    .evaluate((names) => window.binfmt.change({ kind: 'register', targets: names }), [...targets])
    .catch(() => undefined);
  await expect.poll(() => entryOf(targets[0])).toMatch(/^enabled\n/);
  await killProgram(program);
  script.release();
  await expect.poll(() => elevatedShells().length).toBe(0);

  const done = targets.filter((target) => entryOf(target) !== null);
  const again = await start();
  for (const target of targets) {
    await expect(again.row(target)).toContainText(done.includes(target) ? 'Enabled' : 'Not registered');
  }
  await again.button('Past changes').click();
  const past = again.page.getByRole('dialog', { name: 'Past changes' });
  await expect(past).toContainText(`The system shows ${done.length} of 3 as done.`);
});
