import { utimesSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { bytesOfHex } from '../../../electron/binfmt/hex.ts';
import { sampleHeads } from '../../../electron/binfmt/sample-files.ts';
import { targetNamed, targets } from '../../../electron/binfmt/targets.ts';
import type { ChosenEmulator } from '../../../electron/images/emulators.ts';

/** In seconds since 1970. */
export const CRAFTED_AT = 1_700_000_000;

/**
 * A file that looks like a static emulator of that target: an ELF header of this machine without program headers, and
 * QEMU's version line. It does not run.
 */
export function craftEmulator(
  directory: string,
  target: string,
  options: { readonly version?: string | null; readonly machine?: string; readonly size?: number } = {},
): ChosenEmulator {
  const { version = '9.2.0', machine = os.machine(), size = 4096 } = options;
  const own = targetNamed(machine) ?? targets[0];
  const [head = new Uint8Array()] = own === undefined ? [] : sampleHeads(own);
  const content = Buffer.alloc(size, `filler of ${target} `);
  content.set(head);
  if (version !== null) content.write(`\0qemu-${target} version ${version}\n\0`, 512);
  const file = path.join(directory, `qemu-${target}-static`);
  writeFileSync(file, content, { mode: 0o755 });
  utimesSync(file, CRAFTED_AT, CRAFTED_AT);
  return { target, path: file };
}

/** A file that looks like a program which needs a loader: its one program header is PT_INTERP. */
export function craftDynamicProgram(directory: string, name: string): string {
  const content = Buffer.alloc(256);
  content.set(bytesOfHex('7f454c46020101000000000000000000'));
  content.writeUInt16LE(3, 16);
  content.writeUInt16LE(62, 18);
  content.writeBigUInt64LE(64n, 32);
  content.writeUInt16LE(56, 54);
  content.writeUInt16LE(1, 56);
  content.writeUInt32LE(3, 64);
  const file = path.join(directory, name);
  writeFileSync(file, content, { mode: 0o755 });
  return file;
}
