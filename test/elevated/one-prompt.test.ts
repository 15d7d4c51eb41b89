import { user } from '../support/ordinary-user.ts';
import { setPolicy } from '../support/polkit-rules.ts';
import { entryOf, expect, test } from '../support/polkit-test.ts';
import { listEntries, readRegistry } from '../support/registry.ts';

/** As many as QEMU has targets that are not this machine's own, or nearly. */
const MANY = 25;

test('Register all, Reset all, Undo and a selection ask once each, however much they change', async ({
  start,
  startAgent,
  targets: [first, second],
}) => {
  await setPolicy('asks');
  const program = await start();
  const agent = startAgent();
  await program.button('Register all').click();
  await agent.type(user.password);
  await expect(program.status).toContainText(/Registered \d+ targets/);
  const registered = readRegistry();
  expect(registered.length).toBeGreaterThan(MANY);
  expect(agent.promptCount).toBe(1);

  await program.resetAll();
  await agent.type(user.password);
  await expect(program.status).toContainText(/Removed \d+ /);
  expect(listEntries()).toEqual([]);
  expect(agent.promptCount).toBe(2);

  await program.button('Undo').click();
  await agent.type(user.password);
  await expect(program.status).toContainText('Put back');
  expect(readRegistry()).toEqual(registered);
  expect(agent.promptCount).toBe(3);

  await program.row(first).click();
  await program.row(second).click({ modifiers: ['Control'] });
  await program.selectionBar.getByRole('button', { name: 'Disable' }).click();
  await agent.type(user.password);
  for (const target of [first, second]) await expect(program.row(target)).toContainText('Disabled');
  for (const target of [first, second]) expect(entryOf(target)).toMatch(/^disabled\n/);
  expect(agent.promptCount).toBe(4);
});
