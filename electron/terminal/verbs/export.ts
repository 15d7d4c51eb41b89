import { Interpreters } from '../../binfmt/interpreters.ts';
import { failure, type Result, success } from '../../binfmt/result.ts';
import type { Snapshot } from '../../binfmt/snapshot.ts';
import { type ExportFormat, type ExportSubject, exportContents } from '../../export-contents.ts';
import { entriesCalled } from '../entry-names.ts';
import { type Place, placeOf, writeTo } from '../exported-place.ts';
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
  if (place.kind !== 'directory' && files.length > 1) {
    terminal.complain(`These are ${files.length} files: name a directory for them with --output.`);
    return MISUSED;
  }
  const isWritten = await writeTo(place, files, format === 'script', call);
  return isWhole && isWritten ? status : FAILED;
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
  'interpreter',
  'persistent',
  'credential',
  'preserve-argv0',
  'ignore-family',
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
  const subject = {
    kind: 'with-options',
    rows,
    options: wish.value.options,
    machine: process.env.HOST_ARCH || null,
    ownFamily: wish.value.ownFamily ?? false,
  } as const;
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
