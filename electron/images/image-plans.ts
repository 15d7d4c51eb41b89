import { emulatorNameOf, targets } from '../binfmt/targets.ts';
import type { Emulator, HostProgram } from './emulators.ts';
import type { ImagePlan, Layer } from './image.ts';
import { REGISTER_PROGRAM } from './layer.ts';
import { commonVersion, emulatorTags, latestTags, registerTags } from './tags.ts';

/** An emulator and the layer that holds it. */
export interface EmulatorLayer {
  readonly emulator: Emulator;
  readonly layer: Layer;
}

/** What `register` and `latest` have below the emulators: a shell, and the program that registers. */
export interface RegisterLayer {
  readonly busybox: HostProgram;
  readonly layer: Layer;
}

const PATH = 'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
/** As in multiarch's image (its Dockerfile): where `register` looks for the emulators. */
const registerEnvironment = [PATH, 'QEMU_BIN_DIR=/usr/bin'];

/** SPDX expressions of what a program is licensed under: QEMU as a whole, busybox, and our script. */
const licences = { qemu: 'GPL-2.0-only', register: 'GPL-2.0-only AND MIT' } as const;

/** The image with one emulator and nothing else, to be copied from or run. */
export function emulatorImage({ emulator, layer }: EmulatorLayer, machine: string): ImagePlan {
  const { name, version, mtime } = emulator;
  const target = targets.find((one) => emulatorNameOf(one) === name);
  return {
    tags: emulatorTags(name, { machine, version }),
    layers: [layer],
    labels: labels({
      title: `qemu-${name}-static`,
      description: `QEMU's user-mode emulator of ${name} (${target?.label ?? name}) for ${machine} hosts`,
      version,
      licenses: licences.qemu,
    }),
    entrypoint: null,
    environment: [],
    created: mtime,
  };
}

/** The image that registers emulators which other containers bring along. */
export const registerImage = ({ busybox, layer }: RegisterLayer, machine: string): ImagePlan => ({
  tags: registerTags,
  layers: [layer],
  labels: labels({
    title: 'register',
    description: `Registers QEMU's user-mode emulators with the kernel of ${machine} hosts (binfmt_misc)`,
    version: null,
    licenses: licences.register,
  }),
  entrypoint: `/${REGISTER_PROGRAM}`,
  environment: registerEnvironment,
  created: busybox.mtime,
});

/** The image that registers the emulators it holds; its layers are those of the other images. */
export function latestImage(
  { busybox, layer }: RegisterLayer,
  emulators: readonly EmulatorLayer[],
  machine: string,
): ImagePlan {
  const version = commonVersion(emulators.map(({ emulator }) => emulator.version));
  return {
    tags: latestTags({ machine, version }),
    layers: [layer, ...emulators.map((one) => one.layer)],
    labels: labels({
      title: 'qemu-user-static',
      description: `QEMU's user-mode emulators for ${machine} hosts, and their registration with the kernel (binfmt_misc)`,
      version,
      licenses: licences.register,
    }),
    entrypoint: `/${REGISTER_PROGRAM}`,
    environment: registerEnvironment,
    created: Math.max(busybox.mtime, ...emulators.map(({ emulator }) => emulator.mtime)),
  };
}

/** The keys that the OCI image specification names (annotations.md). */
function labels({
  version,
  ...others
}: Readonly<Record<'title' | 'description' | 'licenses', string>> & { readonly version: string | null }) {
  const values = { ...others, url: 'https://www.qemu.org/', ...(version === null ? {} : { version }) };
  return Object.fromEntries(
    Object.entries(values).map(([key, value]) => [`org.opencontainers.image.${key}`, value]),
  );
}
