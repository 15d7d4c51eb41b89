import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { invocationNames, pathInvocations } from '../../electron/ipc/contract.ts';
import { expect, Program, test } from '../support/program.ts';

test('the window comes back with its size', async ({ userData }) => {
  const first = await Program.start(userData);
  await first.app.evaluate(({ BrowserWindow }) =>
    BrowserWindow.getAllWindows()[0]?.setBounds({ x: 40, y: 30, width: 901, height: 603 }),
  );
  await first.page.waitForFunction(() => window.innerWidth === 901);
  await first.close();
  const second = await Program.start(userData);
  const bounds = await second.app.evaluate(({ BrowserWindow }) =>
    BrowserWindow.getAllWindows()[0]?.getBounds(),
  );
  expect(bounds).toMatchObject({ width: 901, height: 603 });
  await second.close();
});

test('the page has no Node, runs no foreign script, and goes nowhere', async ({ program }) => {
  const { page } = program;
  expect(await page.evaluate(() => typeof (globalThis as { require?: unknown }).require)).toBe('undefined');
  const listeners = [
    'onActivity',
    'onGettingProgress',
    'onImageProgress',
    'onMenuCommand',
    'onSnapshot',
    'onVerified',
  ];
  const withPaths: readonly string[] = pathInvocations;
  const invocations = invocationNames.filter((name) => !withPaths.includes(name));
  expect(await page.evaluate(() => Object.keys(window.binfmt).sort())).toEqual(
    [...invocations, 'explainDroppedFile', 'takeDroppedArchive', ...listeners].sort(),
  );
  const inline = await page.evaluate(() => {
    const script = document.createElement('script');
    script.textContent = 'globalThis.ranInline = true';
    document.body.append(script);
    return 'ranInline' in globalThis;
  });
  expect(inline).toBe(false);
  expect(await page.evaluate(() => window.open('https://example.org/'))).toBeNull();
  expect(await page.evaluate(() => fetch('https://example.org/').then(String, () => 'refused'))).toBe(
    'refused',
  );
  expect(await page.evaluate(() => Notification.requestPermission())).toBe('denied');
  // Last, because Playwright waits for the navigation that never comes.
  await page.evaluate(() => {
    setTimeout(() => location.assign('https://example.org/'));
  });
  await new Promise((resolve) => setTimeout(resolve, 500));
  const url = await program.app.evaluate(({ BrowserWindow }) =>
    BrowserWindow.getAllWindows()[0]?.webContents.getURL(),
  );
  expect(url).toBe('app://window/index.html');
});

test('the page’s address leads to its own files and to no other', async ({ program }) => {
  const statuses = await program.app.evaluate(async ({ session }, paths) => {
    const answers = paths.map((path) => session.defaultSession.fetch(`app://${path}`));
    return (await Promise.all(answers)).map(({ status }) => status);
  }, addresses);
  expect(statuses).toEqual([200, ...addresses.slice(1).map(() => 404)]);
});

const addresses = [
  'window/index.html',
  'window/',
  'window/assets/..',
  'window/assets/',
  'window/assets/missing.js',
  'window/../main/main.js',
  'window/assets/../../main/main.js',
  'window/assets/%2e%2e/%2e%2e/main/main.js',
  'window/assets/..%2f..%2fmain%2fmain.js',
  'window/assets/..\\..\\main\\main.js',
  'window//etc/os-release.html',
  'window/%00.html',
  'elsewhere/index.html',
];

test('requests of a wrong shape are refused with the reason and change nothing', async ({ program }) => {
  const answer = await program.page.evaluate(() =>
    window.binfmt.change({ kind: 'unregister', names: ['../../etc/passwd'], extra: 1 } as never).then(
      () => 'accepted',
      (error: unknown) => String(error),
    ),
  );
  expect(answer).toContain('change:');
  expect(answer).toContain('extra');
});

test('a second start brings the first window to the front and ends', async ({ program, userData }) => {
  const repository = path.resolve(import.meta.dirname, '../..');
  const noSandbox = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  await promisify(execFile)(process.env.ELECTRON_PATH ?? 'electron', [
    ...noSandbox,
    repository,
    `--user-data-dir=${userData}`,
  ]);
  await expect(program.targets).toBeVisible();
  expect(program.app.windows()).toHaveLength(1);
});

test('every channel refuses a window that is not the program’s own', async ({ program }) => {
  const preload = path.resolve(import.meta.dirname, '../../out/preload/preload.cjs');
  const answers = await program.app.evaluate(async ({ BrowserWindow }, preloadPath) => {
    const stranger = new BrowserWindow({
      show: false,
      webPreferences: { preload: preloadPath, sandbox: true },
    });
    await stranger.loadURL('app://window/index.html').catch(() => undefined);
    const script = `Promise.all(Object.entries(window.binfmt).filter(([name]) => !name.startsWith('on')).map(
      ([name, call]) => call(new File([], 'x')).then(() => name + ' answered', (error) => name + ': ' + error.message)))`;
    const said = (await stranger.webContents.executeJavaScript(script)) as string[];
    stranger.destroy();
    return said;
  }, preload);
  expect(answers).toHaveLength(invocationNames.length);
  for (const answer of answers) expect(answer).toContain('refused, it was not called from this program');
});
