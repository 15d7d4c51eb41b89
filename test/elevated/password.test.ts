import { user } from '../support/ordinary-user.ts';
import { openPrompts } from '../support/polkit-processes.ts';
import { setPolicy } from '../support/polkit-rules.ts';
import { entryOf, expect, test } from '../support/polkit-test.ts';
import { readRegistry, register } from '../support/registry.ts';

test.beforeEach(() => setPolicy('asks'));

test('the password, once typed, is all it takes', async ({ start, startAgent, targets: [target] }) => {
  const program = await start();
  const agent = startAgent();
  await program.switchOf(target).click();
  await expect(program.status).toContainText('Waiting for permission…');
  await expect(program.row(target)).not.toContainText('Enabled');
  expect(entryOf(target)).toBeNull();

  await agent.type(user.password);
  await expect(program.status).toContainText(`Registered ${target}`);
  await expect(program.row(target)).toContainText('Enabled');
  expect(entryOf(target)).toMatch(/^enabled\n/);
  await expect(program.button('Cancel request')).toHaveCount(0);
});

for (const [what, answer] of [
  ['a wrong password', 'not the password'],
  ['an empty password', ''],
] as const) {
  test(`${what} changes nothing, and the next prompt takes the right one`, async ({
    start,
    startAgent,
    targets: [target],
  }) => {
    const before = readRegistry();
    const program = await start();
    const agent = startAgent();
    await program.switchOf(target).click();
    await agent.type(answer);
    await expect(program.status).toContainText(
      'Nothing was changed: the password was wrong, or this system’s policy does not let you.',
    );
    await expect(program.alert).toHaveCount(0);
    await expect(program.switchOf(target)).not.toBeChecked();
    expect(readRegistry()).toEqual(before);

    await program.switchOf(target).click();
    await agent.type(user.password);
    await expect(program.row(target)).toContainText('Enabled');
  });
}

test('an agent that goes away in the middle of its question changes nothing', async ({
  start,
  startAgent,
  targets: [target],
}) => {
  const before = readRegistry();
  const program = await start();
  const agent = startAgent();
  await program.switchOf(target).click();
  await agent.pressCtrlC();
  await expect(program.status).toContainText('Nothing was changed');
  await expect(program.alert).toHaveCount(0);
  expect(readRegistry()).toEqual(before);
});

test('Cancel request closes the prompt and changes nothing', async ({
  start,
  startAgent,
  targets: [target, second],
}) => {
  const before = readRegistry();
  const program = await start();
  const agent = startAgent();
  await program.switchOf(target).click();
  await agent.asks();
  await program.switchOf(second).click();
  await expect(program.status).toContainText('1 more change waits');
  expect(openPrompts()).toHaveLength(1);

  await program.button('Cancel request').click();
  await expect(program.status).toContainText('Nothing was changed');
  await expect(program.alert).toHaveCount(0);
  await expect.poll(() => openPrompts().length).toBe(0);
  for (const one of [target, second]) await expect(program.row(one)).toContainText('Not registered');
  expect(readRegistry()).toEqual(before);
  expect(agent.promptCount).toBe(1);
});

test('Cancel request closes also the prompt that has not opened yet', async ({
  start,
  startAgent,
  targets: [target],
}) => {
  const before = readRegistry();
  const program = await start();
  const agent = startAgent();
  agent.hold();
  await program.switchOf(target).click();
  await agent.isWanted();
  await program.button('Cancel request').click();
  expect(openPrompts()).toEqual([]);
  agent.release();
  await expect(program.status).toContainText('Nothing was changed: permission was not given.');
  expect(openPrompts()).toEqual([]);
  await expect(program.row(target)).toContainText('Not registered');
  expect(readRegistry()).toEqual(before);
});

test('a request that is cancelled at once opens no prompt', async ({ start, targets: [target] }) => {
  const before = readRegistry();
  const program = await start();
  const result = await program.page.evaluate((name) => {
    const changing = window.binfmt.change({ kind: 'register', targets: [name] });
    void window.binfmt.cancelPrompt();
    return changing;
  }, target);
  expect(result).toMatchObject({ kind: 'dismissed', undo: null });
  expect(openPrompts()).toEqual([]);
  expect(readRegistry()).toEqual(before);
});

test('the controls of what waits for permission say so', async ({ start, startAgent, targets: [target] }) => {
  register(`:qemu-${target}:E::elevatedwaiting::/bin/true:`);
  const before = readRegistry();
  const program = await start();
  const agent = startAgent();
  const waits = /^Waiting for permission…/;
  for (const [control, press] of [
    [program.switchOf('binfmt_misc'), () => program.switchOf('binfmt_misc').click()],
    [program.button('Reset all'), () => program.resetAll()],
  ] as const) {
    await expect(control).not.toHaveAccessibleDescription(waits);
    await press();
    await expect(control).toHaveAccessibleDescription(waits);
    await expect(
      control.locator('xpath=ancestor-or-self::*[self::label or self::button]').locator('.waiting'),
    ).toBeVisible();
    await program.expectNoAccessibilityViolation();
    await program.button('Cancel request').click();
    await expect(program.status).toContainText('Nothing was changed');
    await expect(control).not.toHaveAccessibleDescription(waits);
  }
  expect(agent.promptCount).toBe(2);
  expect(readRegistry()).toEqual(before);
});

test('what is asked for while the prompt is open goes together under the next one', async ({
  start,
  startAgent,
  targets,
}) => {
  const [first, second, third] = targets;
  const program = await start();
  const agent = startAgent();
  await program.switchOf(first).click();
  await agent.asks();
  await program.switchOf(second).click();
  await program.switchOf(third).click();
  await expect(program.status).toContainText('2 more changes wait for the next request.');

  await agent.type(user.password);
  await expect(program.row(first)).toContainText('Enabled');
  await agent.asks();
  for (const waiting of [second, third]) expect(entryOf(waiting)).toBeNull();
  await agent.type(user.password);
  for (const target of targets) {
    await expect(program.row(target)).toContainText('Enabled');
    expect(entryOf(target)).toMatch(/^enabled\n/);
  }
  expect(agent.promptCount).toBe(2);
});

test('closing the window closes also the prompt that has not opened yet', async ({
  start,
  startAgent,
  targets: [target],
}) => {
  const before = readRegistry();
  const program = await start();
  const agent = startAgent();
  agent.hold();
  await program.switchOf(target).click();
  await agent.isWanted();
  const closed = program.close();
  agent.release();
  await closed;
  expect(openPrompts()).toEqual([]);
  expect(readRegistry()).toEqual(before);
});

test('closing the window closes the prompt with it', async ({ start, startAgent, targets: [target] }) => {
  const before = readRegistry();
  const program = await start();
  const agent = startAgent();
  await program.switchOf(target).click();
  await agent.asks();
  await program.close();
  expect(openPrompts()).toEqual([]);
  expect(readRegistry()).toEqual(before);
});
