import { contextBridge, ipcRenderer } from 'electron';
import { type Bridge, invocationNames, type Messages } from './ipc/contract.ts';

const invoking = Object.fromEntries(
  invocationNames.map((name) => [name, (...args: unknown[]) => ipcRenderer.invoke(name, ...args)]),
) as Pick<Bridge, (typeof invocationNames)[number]>;

function listenTo<Name extends keyof Messages>(name: Name, listener: (message: Messages[Name]) => void) {
  const onMessage = (_event: unknown, message: Messages[Name]): void => listener(message);
  ipcRenderer.on(name, onMessage);
  return () => void ipcRenderer.off(name, onMessage);
}

const bridge: Bridge = {
  ...invoking,
  onSnapshot: (listener) => listenTo('snapshot', listener),
  onActivity: (listener) => listenTo('activity', listener),
  onMenuCommand: (listener) => listenTo('menuCommand', listener),
};

contextBridge.exposeInMainWorld('binfmt', bridge);
