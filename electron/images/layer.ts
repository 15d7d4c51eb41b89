import { writeCompressedBlob } from './blobs.ts';
import { contentOf, type Emulator, type HostProgram } from './emulators.ts';
import { type Layer, mediaTypes } from './image.ts';
import type { Meter } from './progress.ts';
import { registerScript } from './register-script.ts';
import { bytesContent, type TarEntry, tarSize, tarStream } from './tar.ts';

/** Where the image's program lies, from its root. */
export const REGISTER_PROGRAM = 'register';

/** What the script and its shell's user need; the rest of busybox is there as `busybox NAME`. */
const applets = ['cat', 'date', 'ls', 'mount', 'sh', 'stat', 'tr', 'uname'];

/** A layer before it is written. */
export interface LayerPlan {
  /** For people who watch the progress. */
  readonly name: string;
  readonly content: string;
  readonly entries: readonly TarEntry[];
  /** In seconds since 1970. */
  readonly mtime: number;
}

/** The layer that holds `/usr/bin/qemu-TARGET-static`. */
export function emulatorLayer(emulator: Emulator): LayerPlan {
  const file = `usr/bin/qemu-${emulator.name}-static`;
  return {
    name: emulator.name,
    content: `/${file}${emulator.version === null ? '' : ` of QEMU ${emulator.version}`}`,
    entries: [
      { kind: 'directory', path: 'usr' },
      { kind: 'directory', path: 'usr/bin' },
      { kind: 'file', path: file, mode: 0o755, content: contentOf(emulator) },
    ],
    mtime: emulator.mtime,
  };
}

/** The layer that holds a shell (busybox) and the program that registers on hosts of that machine. */
export function registerLayer(busybox: HostProgram, machine: string): LayerPlan {
  const script = Buffer.from(registerScript(machine));
  return {
    name: REGISTER_PROGRAM,
    content: `/${REGISTER_PROGRAM} and a shell, busybox`,
    entries: [
      { kind: 'directory', path: 'bin' },
      { kind: 'file', path: 'bin/busybox', mode: 0o755, content: contentOf(busybox) },
      ...applets.map((name) => ({ kind: 'link', path: `bin/${name}`, target: 'busybox' }) as const),
      { kind: 'file', path: REGISTER_PROGRAM, mode: 0o755, content: bytesContent(script) },
    ],
    mtime: busybox.mtime,
  };
}

/** How many bytes the meter of {@link writeLayer} will count. */
export const layerSize = ({ entries }: LayerPlan): number => tarSize(entries);

/** Writes a layer as a compressed blob of the layout. */
export async function writeLayer(
  layout: string,
  { name, content, entries, mtime }: LayerPlan,
  metered: Meter,
  signal: AbortSignal,
): Promise<Layer> {
  const archive = metered(name, tarStream(entries, mtime));
  return { content, blob: await writeCompressedBlob(layout, mediaTypes.layer, archive, signal) };
}
