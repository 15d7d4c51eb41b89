import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** A directory for one test file, and how to remove it. */
export function temporaryDirectory(): { readonly directory: string; readonly remove: () => void } {
  const directory = mkdtempSync(path.join(tmpdir(), 'qemu-binfmt-manager-test-'));
  return { directory, remove: () => rmSync(directory, { recursive: true }) };
}

/** Writes an interpreter that prints its own path. */
export function writeInterpreter(file: string): string {
  writeFileSync(file, '#!/bin/sh\nprintf %s "$0"\n', { mode: 0o755 });
  return file;
}

export function writeExecutable(file: string, content: Uint8Array): string {
  writeFileSync(file, content, { mode: 0o755 });
  return file;
}

/** The path of the interpreter that ran when the file was started; null when none did. */
export function interpreterThatRuns(file: string): string | null {
  // Where the kernel refuses, libc hands the file to a shell: so it must hold nothing that is a command.
  const { stdout } = spawnSync(file, { encoding: 'utf8' });
  return stdout || null;
}
