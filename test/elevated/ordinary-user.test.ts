import { user } from '../support/ordinary-user.ts';
import { commandLineOf, statusOf } from '../support/polkit-processes.ts';
import { expect, test } from '../support/polkit-test.ts';

test('an ordinary user runs it with every part of Chromium’s sandbox', async ({ start }) => {
  const { app } = await start();
  expect(await app.evaluate(() => process.getuid?.())).toBe(user.uid);
  expect(await app.evaluate(() => process.argv)).not.toContain('--no-sandbox');

  const processes = await app.evaluate(({ app: electron }) => electron.getAppMetrics());
  const renderers = processes.filter((one) => one.type === 'Tab').map((one) => one.pid);
  // Chromium may keep a spare one ready.
  expect(renderers.length).toBeGreaterThan(0);
  for (const pid of renderers) {
    // 2: only the system calls that a filter lets through.
    expect(statusOf(pid)).toMatchObject({ Seccomp: '2', NoNewPrivs: '1' });
    expect(commandLineOf(pid)).toContain('--enable-sandbox');
    expect(commandLineOf(pid)).not.toContain('--no-sandbox');
  }
});
