import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import * as v from 'valibot';
import type { VersionCache } from './binfmt/interpreters.ts';

const fileContent = v.record(v.string(), v.nullable(v.pipe(v.string(), v.maxLength(40))));
/** More than all targets in all directories; beyond it the oldest go. */
const MOST_ENTRIES = 500;
const SAVE_DELAY_MS = 500;

/**
 * QEMU's versions in a file, so that no interpreter is read twice. It is a cache: one that cannot be read
 * begins empty, and `onProblem` hears of one that cannot be written.
 */
export function openVersionCache(file: string, onProblem: (error: unknown) => void): VersionCache {
  const versions = new Map(Object.entries(read(file)));
  let willSave = false;

  const save = (): void => {
    willSave = false;
    try {
      mkdirSync(path.dirname(file), { recursive: true });
      const newest = [...versions].slice(-MOST_ENTRIES);
      writeFileSync(`${file}.new`, JSON.stringify(Object.fromEntries(newest)));
      renameSync(`${file}.new`, file);
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
  };
}

function read(file: string): Readonly<Record<string, string | null>> {
  try {
    return v.parse(fileContent, JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return {};
  }
}
