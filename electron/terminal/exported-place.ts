import { mkdir, readFile, stat } from 'node:fs/promises';
import { encodeBytes } from '../binfmt/bytes.ts';
import type { ExportedFile } from '../binfmt/exchange/exported.ts';
import { reasonOf } from '../binfmt/exchange/read-registrations-file.ts';
import { isThere, writeWhole } from '../write-whole.ts';
import type { Call } from './verb.ts';

/** Where a person wants files. */
export type Place =
  | { readonly kind: 'stdout' }
  | { readonly kind: 'file' | 'directory'; readonly path: string };

/** What `--output` names: a directory is one that is there, or has a slash behind it. */
export async function placeOf(output: string | true | undefined): Promise<Place> {
  if (typeof output !== 'string' || output === '-') return { kind: 'stdout' };
  if (output.endsWith('/')) return { kind: 'directory', path: output };
  const stats = await stat(encodeBytes(output)).catch(() => null);
  return { kind: stats?.isDirectory() === true ? 'directory' : 'file', path: output };
}

/** Whether all was written; says where it was, and why it was not. */
export async function writeTo(
  place: Place,
  files: readonly ExportedFile[],
  isExecutable: boolean,
  call: Call,
): Promise<boolean> {
  const { terminal } = call;
  if (place.kind === 'stdout') {
    for (const { text } of files) terminal.printBytes(encodeBytes(text));
    return true;
  }
  const { path } = place;
  const all = files.map(({ name, text }) => ({
    path: place.kind === 'file' ? path : `${path.replace(/\/+$/, '')}/${name}`,
    text,
  }));
  if (!(await mayReplace(place, all, call))) return false;
  if (place.kind === 'directory') {
    const problem = await mkdir(encodeBytes(path), { recursive: true }).then(() => null, reasonOf);
    if (problem !== null) {
      terminal.complain(`${path} could not be made: ${problem}.`);
      return false;
    }
  }
  let isWhole = true;
  for (const file of all) {
    const written = await writeWhole({ ...file, isExecutable, mayReplace: true });
    if (written.ok) terminal.say(`Wrote ${file.path}`);
    else terminal.complain(`${file.path} was not written: ${written.problem}.`);
    isWhole &&= written.ok;
  }
  return isWhole;
}

/**
 * Whether to write over what is there and says something else. Somebody at a terminal is asked; where nobody can be,
 * a file that was named is meant, and those that happen to be in a directory are not.
 */
async function mayReplace(
  place: Place,
  files: readonly { readonly path: string; readonly text: string }[],
  { terminal, options }: Call,
): Promise<boolean> {
  if (options.yes !== undefined) return true;
  const present: string[] = [];
  for (const { path, text } of files) if (await saysSomethingElse(path, text)) present.push(path);
  if (present.length === 0) return true;
  if (!terminal.canAsk && place.kind === 'file') return true;
  for (const path of present) terminal.complain(`${path} is there already, and says something else.`);
  if (!terminal.canAsk) {
    terminal.complain('Nothing was written. Add --yes to write over what is there.');
    return false;
  }
  if (await terminal.confirm(present.length === 1 ? 'Write over it?' : 'Write over them?')) return true;
  terminal.complain('Nothing was written.');
  return false;
}

async function saysSomethingElse(path: string, text: string): Promise<boolean> {
  if (!(await isThere(encodeBytes(path)))) return false;
  const present = await readFile(encodeBytes(path)).catch(() => null);
  return present === null || !present.equals(encodeBytes(text));
}
