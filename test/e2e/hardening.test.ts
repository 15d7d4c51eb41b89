import { existsSync, readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { invocationNames } from '../../electron/ipc/contract.ts';
import { test as base, expect, type Program } from '../support/program.ts';

/** A server on this machine, and the paths that it was asked for. */
interface Listener {
  readonly origin: string;
  readonly asked: readonly string[];
}

const test = base.extend<{ readonly listener: Listener }>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright wants a pattern here, also of nothing.
  listener: async ({}, use) => {
    const asked: string[] = [];
    const server: Server = createServer(({ url = '' }, response) => {
      asked.push(url);
      if (url === '/redirect') response.writeHead(302, { location: '/target' }).end();
      else response.writeHead(200, { 'access-control-allow-origin': '*' }).end('answered');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    await use({ origin: `http://127.0.0.1:${port}`, asked });
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  },
});

/** Has a page of the test’s own, which no Content-Security-Policy holds back, run a script in the program’s session. */
const inOtherPage = (program: Program, script: string): Promise<unknown> =>
  program.app.evaluate(async ({ BrowserWindow }, code) => {
    const other = new BrowserWindow({ show: false, webPreferences: { sandbox: true } });
    try {
      await other.loadURL('data:text/html,<!doctype html><body>');
      return await other.webContents.executeJavaScript(code, true);
    } finally {
      other.destroy();
    }
  }, script);

/** From now on requests go through, so that what else there is can be tried. */
const letRequestsThrough = (program: Program): Promise<void> =>
  program.app.evaluate(({ session }) => session.defaultSession.webRequest.onBeforeRequest(null));

test('the main process answers on the channels of the contract, and on no other', async ({ program }) => {
  const channels = await program.app.evaluate(({ ipcMain }) => ({
    // Electron has it, though its types leave it out.
    answered: [...(ipcMain as unknown as { _invokeHandlers: Map<string, unknown> })._invokeHandlers.keys()],
    // “error” is Electron’s own: a channel of that name would throw.
    heard: ipcMain.eventNames().filter((name) => name !== 'error'),
  }));
  expect(channels.answered.sort()).toEqual([...invocationNames].sort());
  expect(channels.heard).toEqual([]);
});

test('an error that nobody caught is in the log, and the program goes on', async ({ program, userData }) => {
  await program.app.evaluate(() => {
    setTimeout(() => {
      throw new Error('thrown by a test');
    });
    void Promise.reject(new Error('rejected by a test'));
  });
  const log = path.join(userData, 'logs', 'main.log');
  await expect.poll(() => existsSync(log) && readFileSync(log, 'utf8')).toContain('thrown by a test');
  expect(readFileSync(log, 'utf8')).toContain('rejected by a test');
  await program.switchOf('arm').click();
  await expect(program.row('arm')).toContainText('Enabled');
});

test('nothing is loaded from a network, by whatever page and in whatever way', async ({
  program,
  listener,
}) => {
  const { origin, asked } = listener;
  const ask = `(async () => {
    const image = new Image();
    image.src = '${origin}/image';
    const socket = new WebSocket('${origin.replace('http', 'ws')}/socket');
    const ends = (target, ...events) => new Promise((resolve) => events.forEach((name) => { target['on' + name] = resolve; }));
    await Promise.all([ends(image, 'load', 'error'), ends(socket, 'open', 'error')]);
    return fetch('${origin}/fetch').then((answer) => answer.text(), () => 'refused');
  })()`;
  expect(await inOtherPage(program, ask)).toBe('refused');
  expect(asked).toEqual([]);

  await letRequestsThrough(program);
  expect(await inOtherPage(program, ask)).toBe('answered');
  expect(asked).toContain('/image');
});

test('no frame is navigated, and no redirect followed', async ({ program, listener }) => {
  await letRequestsThrough(program);
  const { origin, asked } = listener;
  const go = `new Promise((resolve) => {
    const frame = document.createElement('iframe');
    frame.src = '${origin}/frame';
    document.body.append(frame);
    location.assign('${origin}/assigned');
    setTimeout(() => resolve(location.protocol), 500);
  })`;
  expect(await inOtherPage(program, go)).toBe('data:');
  expect(asked).toEqual([]);

  const url = await program.app.evaluate(async ({ BrowserWindow }, address) => {
    const other = new BrowserWindow({ show: false });
    await other.loadURL(address).catch(() => undefined);
    const shown = other.webContents.getURL();
    other.destroy();
    return shown;
  }, `${origin}/redirect`);
  expect(url).not.toContain('/target');
  expect(asked).toEqual(['/redirect']);
});

const permissions = [
  ...['camera', 'clipboard-read', 'clipboard-write', 'geolocation', 'idle-detection', 'local-fonts'],
  ...['microphone', 'midi', 'notifications', 'persistent-storage', 'screen-wake-lock', 'window-management'],
];

/** What the page is answered that asks for each permission: `denied`, `granted`. */
const statesOf = (program: Program): Promise<readonly string[]> =>
  program.page.evaluate(
    (names) =>
      Promise.all(
        names.map(
          async (name) => (await navigator.permissions.query({ name: name as PermissionName })).state,
        ),
      ),
    permissions,
  );

/** Has the page ask for a device of each kind, and says of which kinds there was one to choose. */
async function offeredDevices(program: Program): Promise<unknown> {
  await program.app.evaluate(({ session }) => {
    const offered: string[] = [];
    Object.assign(globalThis, { offered });
    for (const name of ['select-hid-device', 'select-serial-port', 'select-usb-device']) {
      const emitter = session.defaultSession as unknown as NodeJS.EventEmitter;
      emitter.on(name, (...args: readonly ((chosen: string) => void)[]) => {
        offered.push(name);
        args.at(-1)?.('');
      });
    }
  });
  await program.page.evaluate(async () => {
    const { hid, serial, usb } = navigator as unknown as Record<
      string,
      Record<string, (wish: object) => Promise<unknown>>
    >;
    const asked = [
      hid?.requestDevice?.({ filters: [] }),
      usb?.requestDevice?.({ filters: [] }),
      serial?.requestPort?.({}),
    ];
    await Promise.allSettled(asked);
  });
  return program.app.evaluate(() => (globalThis as { offered?: readonly string[] }).offered?.toSorted());
}

test('no permission is granted, and no device offered', async ({ program }) => {
  expect(new Set(await statesOf(program))).toEqual(new Set(['denied']));
  expect(await offeredDevices(program)).toEqual([]);
  const answer = await program.page.evaluate(() =>
    navigator.mediaDevices.getDisplayMedia().then(String, (error: Error) => error.name),
  );
  expect(answer).toBe('NotAllowedError');

  // Electron by itself grants all of it.
  await program.app.evaluate(({ session }) => {
    session.defaultSession.setPermissionCheckHandler(null);
    session.defaultSession.setPermissionRequestHandler(null);
    session.defaultSession.setDevicePermissionHandler(null);
  });
  expect(new Set(await statesOf(program))).toEqual(new Set(['granted']));
  expect(await offeredDevices(program)).toEqual([
    'select-hid-device',
    'select-serial-port',
    'select-usb-device',
  ]);
});
