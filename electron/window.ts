import path from 'node:path';
import { app, BrowserWindow, nativeTheme, type Session, session } from 'electron';
import { PAGE } from './app-protocol.ts';
import { rememberBounds } from './window-bounds.ts';

/** Opens the one window. It shows itself when its first frame is drawn. */
export function openWindow(): BrowserWindow {
  lockDown(session.defaultSession);
  const { bounds, keepRemembering } = rememberBounds(path.join(app.getPath('userData'), 'window.json'));
  const window = new BrowserWindow({
    width: 1240,
    height: 820,
    ...bounds,
    minWidth: 720,
    minHeight: 480,
    show: false,
    title: 'QEMU Binfmt Manager',
    // The page's own background, so that nothing flashes before it is drawn.
    backgroundColor: nativeTheme.shouldUseDarkColors ? '#15171a' : '#f5f6f8',
    webPreferences: {
      preload: path.join(import.meta.dirname, '../preload/preload.cjs'),
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      webviewTag: false,
      spellcheck: false,
    },
  });
  keepRemembering(window);
  window.once('ready-to-show', () => window.show());
  void window.loadURL(PAGE);
  return window;
}

/** Forbids what the page never needs, for every web contents there will ever be. Call before any is made. */
export function forbidEverythingElse(): void {
  app.on('web-contents-created', (_event, contents) => {
    contents.on('will-navigate', (event) => event.preventDefault());
    contents.on('will-frame-navigate', (event) => event.preventDefault());
    contents.on('will-redirect', (event) => event.preventDefault());
    contents.on('will-attach-webview', (event) => event.preventDefault());
    contents.setWindowOpenHandler(() => ({ action: 'deny' }));
  });
}

function lockDown(ofWindow: Session): void {
  ofWindow.setPermissionRequestHandler((_contents, _permission, grant) => grant(false));
  ofWindow.setPermissionCheckHandler(() => false);
  ofWindow.setDevicePermissionHandler(() => false);
  ofWindow.webRequest.onBeforeRequest((request, decide) =>
    decide({ cancel: !/^(app|devtools|data):/.test(request.url) }),
  );
}
