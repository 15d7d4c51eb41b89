import path from 'node:path';
import { app, type BrowserWindow, clipboard, shell } from 'electron';
import log from 'electron-log/main';
import { registerAppScheme, serveApp } from './app-protocol.ts';
import { packageOf } from './binfmt/package-of.ts';
import { detectElevation } from './elevation/elevate.ts';
import { Explainer } from './explainer.ts';
import { History } from './history.ts';
import type { Messages } from './ipc/contract.ts';
import { handleInvocations } from './ipc/handlers.ts';
import { BinfmtManager } from './manager.ts';
import { setApplicationMenu } from './menu.ts';
import { verify } from './verifier.ts';
import { openVersionCache } from './version-cache.ts';
import { forbidEverythingElse, openWindow } from './window.ts';

let window: BrowserWindow | null = null;

function main(): void {
  log.transports.console.level = 'warn';
  log.errorHandler.startCatching({ showDialog: false });

  if (!app.requestSingleInstanceLock()) {
    app.quit();
    return;
  }
  app.on('second-instance', () => {
    if (window?.isMinimized()) window.restore();
    window?.focus();
  });
  // For root Chromium has no sandbox, and asking for one keeps its processes from starting.
  if (!app.commandLine.hasSwitch('no-sandbox')) app.enableSandbox();
  forbidEverythingElse();
  registerAppScheme();

  const versions = openVersionCache(path.join(app.getPath('userData'), 'qemu-versions.json'), (error) =>
    log.warn('QEMU’s versions could not be kept:', error),
  );
  const history = new History(path.join(app.getPath('userData'), 'changes.jsonl'), (error) =>
    log.error('What was changed could not be recorded:', error),
  );
  const manager = new BinfmtManager(detectElevation(), versions, (message) => log.info(message), history);
  // The first snapshot is being read while Chromium starts.
  void manager.snapshot();

  app.whenReady().then(() => open(manager), fail);
  app.on('window-all-closed', () => app.quit());
  app.on('will-quit', (event) => {
    if (!manager.isBusy) return;
    // A prompt whose window is gone is taken back, and a change under way is seen through.
    event.preventDefault();
    void manager.finish().finally(() => app.quit());
  });
  app.on('quit', () => manager.stop());
}

function open(manager: BinfmtManager): void {
  serveApp();
  const explainer = new Explainer(() => manager.snapshot());
  handleInvocations(
    {
      overview: async () => ({ snapshot: await manager.snapshot(), elevation: manager.elevation }),
      change: (request) => manager.change(request),
      preview: (request) => manager.preview(request),
      cancelPrompt: () => manager.cancelPrompt(),
      pastChanges: () => manager.pastChanges(),
      explainFile: (path) => explainer.explain(path),
      explainChosenFile: () => (window === null ? null : explainer.explainChosen(window)),
      explainAgain: () => explainer.explainAgain(),
      verify: (targets) =>
        verify(
          targets,
          () => manager.snapshot(),
          (verified) => tell('verified', verified),
        ),
      packageOf: async (interpreter) =>
        (await manager.knowsInterpreter(interpreter)) ? packageOf(interpreter) : null,
      copyText: (text) => clipboard.writeText(text),
      openLog,
    },
    (sender) => sender === window?.webContents,
  );
  setApplicationMenu((command) => tell('menuCommand', command), openLog);
  manager.on('snapshot', (snapshot) => tell('snapshot', snapshot));
  manager.on('activity', (activity) => tell('activity', activity));
  window = openWindow();
  // What no watch reports shows at the latest when somebody looks.
  window.on('focus', () => void manager.lookAgain());
  window.on('closed', () => {
    window = null;
  });
  manager.start();
}

function tell<Name extends keyof Messages>(name: Name, message: Messages[Name]): void {
  if (window !== null && !window.isDestroyed()) window.webContents.send(name, message);
}

const openLog = (): void => void shell.openPath(log.transports.file.getFile().path);

function fail(error: unknown): void {
  log.error('The program could not start:', error);
  app.exit(1);
}

main();
