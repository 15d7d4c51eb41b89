import { contextBridge, ipcRenderer, webUtils } from 'electron';
import {
  type Bridge,
  type Invocations,
  invocationNames,
  type Messages,
  type PathInvocation,
  pathInvocations,
} from './ipc/contract.ts';

const invoke = (name: keyof Invocations, ...args: unknown[]) => ipcRenderer.invoke(name, ...args);

const invoking = Object.fromEntries(
  invocationNames
    .filter((name) => !pathInvocations.some((one) => one === name))
    .map((name) => [name, (...args: unknown[]) => invoke(name, ...args)]),
) as Pick<Bridge, Exclude<keyof Invocations, PathInvocation>>;

function listenTo<Name extends keyof Messages>(name: Name, listener: (message: Messages[Name]) => void) {
  const onMessage = (_event: unknown, message: Messages[Name]): void => listener(message);
  ipcRenderer.on(name, onMessage);
  return () => void ipcRenderer.off(name, onMessage);
}

const bridge: Bridge = {
  ...invoking,
  explainDroppedFile: (file) => invoke('explainFile', webUtils.getPathForFile(file)),
  takeDroppedArchive: (file) => invoke('takeArchive', webUtils.getPathForFile(file)),
  onSnapshot: (listener) => listenTo('snapshot', listener),
  onActivity: (listener) => listenTo('activity', listener),
  onVerified: (listener) => listenTo('verified', listener),
  onImageProgress: (listener) => listenTo('imageProgress', listener),
  onGettingProgress: (listener) => listenTo('gettingProgress', listener),
  onMenuCommand: (listener) => listenTo('menuCommand', listener),
};

contextBridge.exposeInMainWorld('binfmt', bridge);
