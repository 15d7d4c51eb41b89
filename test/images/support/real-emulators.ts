import { existsSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { emulatorNameOf, targets } from '../../../electron/binfmt/targets.ts';
import type { ImageRequest } from '../../../electron/images/build-images.ts';
import type { ChosenEmulator } from '../../../electron/images/emulators.ts';

/** Where Debian's static emulators lie that the set-up unpacked. */
const directory = path.join(process.env.TEST_PROGRAMS ?? '', 'qemu/usr/bin');

export const emulatorPath = (name: string): string => path.join(directory, `qemu-${name}-static`);

/** Every target that Debian has an emulator for. */
export const allEmulators: readonly ChosenEmulator[] = targets
  .map((target) => ({ target: target.name, path: emulatorPath(emulatorNameOf(target)) }))
  .filter((chosen) => existsSync(chosen.path));

export const emulatorsFor = (...names: readonly string[]): readonly ChosenEmulator[] =>
  names.map((target) => ({ target, path: emulatorPath(target) }));

/** All images of these emulators, for this machine. */
export const requestFor = (emulators: readonly ChosenEmulator[]): ImageRequest => ({
  machine: os.machine(),
  emulators,
  sourceDateEpoch: null,
  images: ['emulators', 'register', 'latest'],
  busybox: null,
  repository: 'localhost/qemu-user-static',
});
