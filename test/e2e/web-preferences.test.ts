import { expect, test } from '../support/program.ts';

test('the page has every protection that Electron offers', async ({ program }) => {
  const preferences = await program.app.evaluate(({ BrowserWindow }) => {
    const contents = BrowserWindow.getAllWindows()[0]?.webContents;
    // Electron has it, though its types leave it out.
    return (
      contents as unknown as { getLastWebPreferences(): Record<string, unknown> }
    ).getLastWebPreferences();
  });
  expect(preferences).toMatchObject({
    sandbox: true,
    contextIsolation: true,
    nodeIntegration: false,
    webviewTag: false,
  });
  for (const weakening of [
    ...['allowRunningInsecureContent', 'experimentalFeatures', 'enableBlinkFeatures', 'plugins'],
    ...['nodeIntegrationInWorker', 'nodeIntegrationInSubFrames', 'navigateOnDragDrop'],
  ]) {
    expect(preferences[weakening] || false, weakening).toBe(false);
  }
  expect(preferences.webSecurity ?? true).toBe(true);
});

test('a webview is never attached', async ({ program }) => {
  const attached = await program.page.evaluate(async () => {
    const view = document.createElement('webview');
    view.setAttribute('src', 'app://window/index.html');
    document.body.append(view);
    await new Promise((resolve) => setTimeout(resolve, 200));
    return 'getWebContentsId' in view;
  });
  expect(attached).toBe(false);
});
