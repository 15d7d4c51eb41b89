import { stat } from 'node:fs/promises';
import { encodeBytes } from '../../binfmt/bytes.ts';
import type { ExportedFile } from '../../binfmt/exchange/exported.ts';
import { Interpreters } from '../../binfmt/interpreters.ts';
import { failure, type Result, success } from '../../binfmt/result.ts';
import type { Snapshot } from '../../binfmt/snapshot.ts';
import { type ExportFormat, type ExportSubject, exportContents } from '../../export-contents.ts';
import { writeWhole } from '../../write-whole.ts';
import { entriesCalled } from '../entry-names.ts';
import { complainOfMount } from '../mounted.ts';
import type { OptionName } from '../options.ts';
import { readWish } from '../register-wish.ts';
import { complainOf } from '../selection.ts';
import { notRead, readSystem } from '../system.ts';
import { type Call, DONE, type ExitStatus, FAILED, MISUSED } from '../verb.ts';
import { targetsCalled } from '../words.ts';

/** `export`: writes what is registered, or would be, for other machines and other programs. */
export async function run(call: Call): Promise<ExitStatus> {
  const { options, terminal } = call;
  const snapshot = await readSystem();
  const place = await placeOf(options.output);
  const chosen = await choose(call, snapshot);
  if (!chosen.ok) return chosen.problem;
  const { subject, of, status } = chosen.value;
  const format = formatCalled(options.format, place);
  const { files, notes, isWhole, problem } = exportContents({ subject, format }, of);
  for (const note of notes) terminal.complain(note);
  if (problem !== null) {
    terminal.complain(problem);
    return FAILED;
  }
  if (place.kind === 'stdout' && files.length > 1) {
    terminal.complain(`These are ${files.length} files: name a directory for them with --output.`);
    return MISUSED;
  }
  const isWritten = await write(files, format, place, call);
  return isWhole && isWritten ? status : FAILED;
}

type Place = { readonly kind: 'stdout' } | { readonly kind: 'file' | 'directory'; readonly path: string };

async function placeOf(output: string | true | undefined): Promise<Place> {
  if (typeof output !== 'string' || output === '-') return { kind: 'stdout' };
  if (output.endsWith('/')) return { kind: 'directory', path: output };
  const stats = await stat(encodeBytes(output)).catch(() => null);
  return { kind: stats?.isDirectory() === true ? 'directory' : 'file', path: output };
}

/** A directory gets a `.conf` file for each entry, as qemu-binfmt-conf.sh writes them; otherwise one holds them all. */
function formatCalled(format: string | true | undefined, place: Place): ExportFormat {
  switch (format) {
    case 'conf':
      return place.kind === 'directory' ? 'conf-files' : 'conf-file';
    case 'template':
      return 'templates';
    case 'script':
      return 'script';
    default:
      return 'json';
  }
}

interface Chosen {
  readonly subject: ExportSubject;
  /** The snapshot, with nothing in it but what was chosen. */
  readonly of: Snapshot;
  readonly status: ExitStatus;
}

const registering: readonly OptionName[] = [
  'qemu-path',
  'qemu-suffix',
  'persistent',
  'credential',
  'preserve-argv0',
];

/** With options of registering it is about targets as they would be registered; otherwise about entries as they are. */
function choose(call: Call, snapshot: Snapshot): Promise<Result<Chosen, ExitStatus>> {
  const isWish = registering.some((name) => call.options[name] !== undefined);
  return isWish ? chooseTargets(call, snapshot) : chooseEntries(call, snapshot);
}

async function chooseTargets(
  { words, options, terminal }: Call,
  snapshot: Snapshot,
): Promise<Result<Chosen, ExitStatus>> {
  const named = targetsCalled(words);
  if (complainOf(named, terminal) !== DONE) return failure(MISUSED);
  const wish = await readWish(options, named.found, new Interpreters(notRead, () => undefined));
  if (!wish.ok) {
    terminal.complain(wish.problem);
    return failure(MISUSED);
  }
  const names = named.found.map(({ name }) => name);
  const isAll = named.isAll || names.length === 0;
  const rows = isAll ? 'all-targets' : ({ table: 'targets', names } as const);
  const subject = { kind: 'with-options', rows, options: wish.value.options } as const;
  return success({ subject, of: snapshot, status: DONE });
}

async function chooseEntries(
  { words, terminal }: Call,
  snapshot: Snapshot,
): Promise<Result<Chosen, ExitStatus>> {
  if (complainOfMount(snapshot, terminal)) return failure(FAILED);
  const subject = { kind: 'as-registered', rows: 'registered' } as const;
  if (words.length === 0) return success({ subject, of: snapshot, status: DONE });
  const { names, status } = await entriesCalled(words, snapshot, terminal);
  if (status === MISUSED || names.length === 0) return failure(status);
  const entries = snapshot.entries.filter(({ name }) => names.includes(name));
  return success({ subject, of: { ...snapshot, entries }, status });
}

/** Whether all was written; says where it was, and why it was not. */
async function write(
  files: readonly ExportedFile[],
  format: ExportFormat,
  place: Place,
  { terminal }: Call,
): Promise<boolean> {
  let isWhole = true;
  for (const { name, text } of files) {
    if (place.kind === 'stdout') {
      terminal.printBytes(encodeBytes(text));
      continue;
    }
    const path = place.kind === 'file' ? place.path : `${place.path.replace(/\/$/, '')}/${name}`;
    const written = await writeWhole({ path, text, isExecutable: format === 'script', mayReplace: true });
    if (written.ok) terminal.say(`Wrote ${path}`);
    else terminal.complain(`${path} was not written: ${written.problem}.`);
    isWhole &&= written.ok;
  }
  return isWhole;
}
