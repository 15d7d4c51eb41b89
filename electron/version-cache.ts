import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import * as v from 'valibot';
import type { VersionCache } from './binfmt/interpreters.ts';
import { makeDirectory } from './make-directory.ts';

const fileContent = v.record(v.string(), v.nullable(v.pipe(v.string(), v.maxLength(40))));
/** More than all targets in all directories; beyond it the oldest go. */
const MOST_ENTRIES = 500;
const SAVE_DELAY_MS = 500;

/** A cache in a file, which is written a moment after something was learnt. */
export interface VersionFile extends VersionCache {
  /** Writes at once what is still to be written. */
  save(): void;
}

/**
 * QEMU's versions in a file, so that no interpreter is read twice. It is a cache: one that cannot be read
 * begins empty, and `onProblem` hears of one that cannot be written.
 */
export function openVersionCache(file: string, onProblem: (error: unknown) => void): VersionFile {
  const versions = new Map(Object.entries(read(file)));
  let willSave = false;

  const save = (): void => {
    if (!willSave) return;
    willSave = false;
    try {
      makeDirectory(path.dirname(file));
      const newest = [...versions].slice(-MOST_ENTRIES);
      // The window and the terminal may both be writing.
      const whole = `${file}.${process.pid}.new`;
      writeFileSync(whole, JSON.stringify(Object.fromEntries(newest)));
      renameSync(whole, file);
    } catch (error) {
      onProblem(error);
    }
  };
  return {
    get: (key) => versions.get(key),
    set: (key, version) => {
      versions.set(key, version);
      if (!willSave) setTimeout(save, SAVE_DELAY_MS).unref();
      willSave = true;
    },
    save,
  };
}

function read(file: string): Readonly<Record<string, string | null>> {
  try {
    return v.parse(fileContent, JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return {};
  }
}
