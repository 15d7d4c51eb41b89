import path from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { app, type BrowserWindow, clipboard, Menu, shell } from 'electron';
import { registerAppScheme, serveApp } from './app-protocol.ts';
import { Interpreters, type VersionCache } from './binfmt/interpreters.ts';
import { packageOf } from './binfmt/package-of.ts';
import type { Snapshot } from './binfmt/snapshot.ts';
import { chooseInterpreter } from './choose-interpreter.ts';
import { chooseSample } from './choose-sample.ts';
import { detectElevation } from './elevation/detect-elevation.ts';
import { Explainer } from './explainer.ts';
import { Exporter } from './exporter.ts';
import { checkFormat } from './format-check.ts';
import { Getting } from './getting/getting.ts';
import { gettingHandlers } from './getting/handlers.ts';
import { Giving } from './giving/giving.ts';
import { imageHandlers } from './giving/handlers.ts';
import { History } from './history.ts';
import { Importer } from './importer.ts';
import type { Messages } from './ipc/contract.ts';
import { handleInvocations } from './ipc/handlers.ts';
import log from './log.ts';
import { BinfmtManager } from './manager.ts';
import { setApplicationMenu } from './menu.ts';
import { verify } from './verifier.ts';
import { openVersionCache } from './version-cache.ts';
import { forbidEverythingElse, openWindow } from './window.ts';

/** Until then the page has drawn its first table. */
const DRAWING_MS = 500;

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
  // Most of what the page makes is garbage at once: to give it little room spares 10 MB, and costs no time.
  app.commandLine.appendSwitch('js-flags', '--max-semi-space-size=1');
  forbidEverythingElse();
  registerAppScheme();
  // Else Electron would make one of its own first.
  Menu.setApplicationMenu(null);

  const versions = openVersionCache(path.join(app.getPath('userData'), 'qemu-versions.json'), (error) =>
    log.warn('QEMU’s versions could not be kept:', error),
  );
  const history = new History(path.join(app.getPath('userData'), 'changes.jsonl'), (error) =>
    log.error('What was changed could not be recorded:', error),
  );
  const manager = new BinfmtManager(detectElevation(), versions, (message) => log.info(message), history);
  const giving = new Giving(
    () => manager.snapshot(),
    (progress) => tell('imageProgress', progress),
  );
  const getting = new Getting(manager, (progress) => tell('gettingProgress', progress));

  // The first snapshot is being read while Chromium starts.
  void manager.snapshot();

  app.whenReady().then(() => open(manager, versions, giving, getting), fail);
  app.on('window-all-closed', () => app.quit());
  app.on('will-quit', (event) => {
    if (!manager.isBusy && !giving.isBusy && !getting.isBusy) return;
    // A prompt whose window is gone is taken back, a change under way is seen through, and what is half built removed.
    event.preventDefault();
    void Promise.all([manager.finish(), giving.finish(), getting.finish()]).finally(() => app.quit());
  });
  app.on('quit', () => manager.stop());
}

function open(manager: BinfmtManager, versions: VersionCache, giving: Giving, getting: Getting): void {
  serveApp();
  const explainer = new Explainer(() => manager.snapshot());
  const importer = new Importer();
  const exporter = new Exporter(() => manager.snapshot());
  /** What the page knows. */
  let known: Snapshot | null = null;
  let isFollowing = false;
  handleInvocations(
    {
      overview: async () => {
        const snapshot = await manager.snapshot();
        known = snapshot;
        // Beginning to watch would keep the page from drawing this.
        if (!isFollowing) setTimeout(follow, DRAWING_MS);
        isFollowing = true;
        return { snapshot, elevation: manager.elevation };
      },
      change: (request) => manager.change(importer.resolve(request)),
      preview: (request) => manager.preview(importer.resolve(request)),
      bootDifference: (removeOthers) => manager.bootDifference(removeOthers),
      previewRegistration: (request) => manager.previewRegistration(request),
      chooseInterpreter: () => (window === null ? null : chooseInterpreter(window)),
      previewExport: (wish) => exporter.preview(wish),
      exportFiles: (wish) => (window === null ? { kind: 'cancelled' } : exporter.export(wish, window)),
      replaceFiles: () => exporter.replace(),
      showExported: () => exporter.show(),
      readChosenImport: () => (window === null ? null : importer.readChosen(window)),
      readExplainedImport: () => (explainer.path === null ? null : importer.read(explainer.path)),
      importDifference: (removeOthers) => manager.difference(importer.entries, removeOthers),
      checkFormat: async (fields) =>
        // What was seen on disk before does not count: this is about now.
        checkFormat(fields, await manager.snapshot(), new Interpreters(versions, () => undefined)),
      chooseSample: () => (window === null ? null : chooseSample(window)),
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
      ...imageHandlers(giving, () => window),
      ...gettingHandlers(
        getting,
        () => explainer.path,
        () => window,
      ),
      copyText: (text) => clipboard.writeText(text),
      openLog,
    },
    (sender) => sender === window?.webContents,
  );
  manager.on('snapshot', (snapshot) => {
    if (isDeepStrictEqual(snapshot, known)) return;
    known = snapshot;
    tell('snapshot', snapshot);
  });
  manager.on('activity', (activity) => tell('activity', activity));
  window = openWindow();
  window.on('closed', () => {
    window = null;
  });
  // Made while the page loads: the window does not show before.
  setApplicationMenu((command) => tell('menuCommand', command), openLog);

  function follow(): void {
    manager.start();
    // What changed before it was watched.
    void manager.lookAgain();
    // What no watch reports shows at the latest when somebody looks.
    window?.on('focus', () => void manager.lookAgain());
  }
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
