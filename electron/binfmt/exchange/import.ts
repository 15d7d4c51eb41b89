import { decodeBytes } from '../bytes.ts';
import { failure, type Result } from '../result.ts';
import type { DesiredEntry } from './desired-entry.ts';
import { parseConf } from './parse-conf.ts';
import { parseDocument } from './parse-document.ts';

/** What a file asks for. */
export interface ImportedRegistrations {
  readonly source: 'json' | 'conf';
  /** In match order: the newest first. */
  readonly entries: readonly DesiredEntry[];
  /** What the file holds and is not registered from it, each in a sentence. */
  readonly notes: readonly string[];
}

/** Why a file was not read, as a sentence that names the place; and the place, where there is one. */
export interface ImportProblem {
  readonly sentence: string;
  /** Counted from 1. */
  readonly line?: number;
  /** In a JSON document: `entries[3].magic`. */
  readonly path?: string;
}

/** Larger files are not read: a thousand entries of any length fit. */
export const LARGEST_REGISTRATIONS_FILE = 4 * 1024 * 1024;

/**
 * Reads a file with registrations, the JSON that this program writes or a `.conf` of binfmt.d(5). What the file
 * holds decides which of them it is; its name, a string of bytes, only where that could be either.
 * Whatever is wrong with it, nothing of it is used.
 */
export function parseRegistrationsFile(
  name: string,
  bytes: Uint8Array,
): Result<ImportedRegistrations, ImportProblem> {
  if (bytes.length > LARGEST_REGISTRATIONS_FILE) {
    const limit = LARGEST_REGISTRATIONS_FILE / 1024 / 1024;
    return failure({
      sentence: `The file has more than ${limit} MiB, which are too many for a list of registrations.`,
    });
  }
  // Characters that mean something here are ASCII: what the others are, shows when one of them is needed.
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
  if (text.trim() === '') return failure({ sentence: 'Line 1: The file is empty.', line: 1 });
  return isJson(name, text) ? parseDocument(bytes) : parseConf(decodeBytes(bytes));
}

/** A register line may begin with any character, but hardly ever does with one that JSON begins with. */
function isJson(name: string, latin1: string): boolean {
  // Text in UTF-16: it will be told that it is not UTF-8.
  if (/^(?:\xff\xfe|\xfe\xff)/.test(latin1)) return true;
  const start = latin1.replace(/^\xef\xbb\xbf/, '').trimStart();
  if (/^[{[]\s*(?:["{}[\]]|$)/.test(start)) return true;
  if (/\.conf$/i.test(name)) return false;
  return /^[{[]/.test(start) || (/\.json$/i.test(name) && /^["\w-]/.test(start));
}
