import { Menu, type MenuItemConstructorOptions } from 'electron';
import type { MenuCommand } from './ipc/contract.ts';

/** Sets the application menu; `choose` hears what a person chose of the items that are the window's own. */
export function setApplicationMenu(choose: (command: MenuCommand) => void, openLog: () => void): void {
  const item = (label: string, command: MenuCommand, accelerator?: string): MenuItemConstructorOptions => ({
    label,
    click: () => choose(command),
    ...(accelerator === undefined ? {} : { accelerator }),
  });
  Menu.setApplicationMenu(
    Menu.buildFromTemplate([
      {
        label: '&Targets',
        submenu: [
          item('&Explain a File…', 'explain', 'CmdOrCtrl+O'),
          item('&Verify All', 'verify-all', 'CmdOrCtrl+Shift+V'),
          { type: 'separator' },
          item('&Register All', 'register-all'),
          item('Reset &All…', 'reset-all'),
          item('Apply &Boot Configuration…', 'apply-boot'),
          { type: 'separator' },
          item('Install &QEMU…', 'install-qemu'),
          item('I&nterpreters from a File…', 'interpreters-from-file'),
          item('&Container Images…', 'container-images'),
          { type: 'separator' },
          item('Add a &Format…', 'add-format'),
          item('&Import…', 'import', 'CmdOrCtrl+I'),
          item('E&xport…', 'export', 'CmdOrCtrl+E'),
          { type: 'separator' },
          { role: 'quit', accelerator: 'CmdOrCtrl+Q' },
        ],
      },
      {
        label: '&Edit',
        submenu: [
          item('&Undo Last Change', 'undo', 'CmdOrCtrl+Shift+Z'),
          { type: 'separator' },
          { role: 'cut' },
          { role: 'copy' },
          { role: 'paste' },
          item('Select &All', 'select-all', 'CmdOrCtrl+A'),
          { type: 'separator' },
          item('&Find', 'find', 'CmdOrCtrl+F'),
        ],
      },
      {
        label: '&View',
        submenu: [
          { role: 'resetZoom' },
          { role: 'zoomIn' },
          { role: 'zoomOut' },
          { type: 'separator' },
          { role: 'togglefullscreen' },
          { role: 'toggleDevTools' },
        ],
      },
      {
        label: '&Help',
        submenu: [
          item('&Past Changes…', 'show-log', 'CmdOrCtrl+L'),
          { label: 'Open &Log File', click: openLog },
          { role: 'about' },
        ],
      },
    ]),
  );
}
