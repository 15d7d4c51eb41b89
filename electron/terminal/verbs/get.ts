import path from 'node:path';
import { formatSize } from '../../binfmt/format-size.ts';
import type { PlaceRequest } from '../../binfmt/place-request.ts';
import { INTERPRETER_DIRECTORY, targetsOfFileName } from '../../binfmt/placing.ts';
import { entryToReplace } from '../../binfmt/register-request.ts';
import { failure, type Result, success } from '../../binfmt/result.ts';
import type { Snapshot } from '../../binfmt/snapshot.ts';
import { emulatorNameOf, type Target } from '../../binfmt/targets.ts';
import { placeFromArchive, requestToPlace } from '../../getting/place-from-archive.ts';
import { type ArchiveListing, type ArchiveProgram, openArchive } from '../../install/archive/open-archive.ts';
import { worthTaking } from '../../install/archive/worth-taking.ts';
import { carryOut, openManager } from '../carry-out.ts';
import { type Column, formatColumns } from '../columns.ts';
import { interruptible } from '../give.ts';
import { complainOf } from '../selection.ts';
import type { Terminal } from '../terminal.ts';
import { type Call, DONE, type ExitStatus, FAILED, MISUSED } from '../verb.ts';
import { targetsCalled } from '../words.ts';

/** `get`: emulators from an archive or a folder. */
export async function run(call: Call): Promise<ExitStatus> {
  const { words, options, terminal } = call;
  const [file = '', ...names] = words;
  const named = targetsCalled(names);
  if (complainOf(named, terminal) !== DONE) return MISUSED;
  const register = registeringFor(call);
  if (!register.ok) {
    terminal.complain(register.problem);
    return MISUSED;
  }
  const listed = await list(path.resolve(file), terminal);
  if (!listed.ok) {
    terminal.complain(listed.problem);
    return FAILED;
  }
  const listing = listed.value;
  if (options.json !== undefined) {
    terminal.print(`${JSON.stringify(listing, null, 2)}\n`);
    return DONE;
  }
  if (options['dry-run'] !== undefined) terminal.print(await commentOn(listing));
  const { programs, complaints } = choose(listing, named.found);
  for (const one of complaints) terminal.complain(one);
  if (programs.length === 0) return FAILED;
  const status = await place(listing, programs, register.value, call);
  return complaints.length > 0 ? FAILED : status;
}

function registeringFor({ options }: Call): Result<PlaceRequest['register'], string> {
  const isReplacing = options.replace !== undefined;
  if (options.register !== 'no') return success(isReplacing ? 'replace' : 'keep');
  return isReplacing
    ? failure('With --register no there is nothing to replace: leave out --replace.')
    : success('no');
}

async function list(file: string, terminal: Terminal): Promise<Result<ArchiveListing, string>> {
  const listed = await interruptible((signal) =>
    openArchive(file, {
      signal,
      onProgress: (fraction) => terminal.progress(`Reading ${Math.floor(100 * fraction)} %`),
    }),
  );
  terminal.progress(null);
  return listed;
}

/** The programs of these targets; without any, those that are worth it. */
function choose(
  { path: file, programs }: ArchiveListing,
  targets: readonly Target[],
): { readonly programs: readonly ArchiveProgram[]; readonly complaints: readonly string[] } {
  const notForHere = ({ fileName, machineName }: ArchiveProgram): string =>
    `${fileName} is made for another machine (${machineName}) and does not run here.`;
  if (targets.length === 0) {
    const chosen = worthTaking(programs);
    const [first] = programs;
    const isForeign = first !== undefined && programs.every(({ runsHere }) => !runsHere);
    const none = isForeign
      ? notForHere(first)
      : `${file} holds emulators of this machine’s own programs only.`;
    return { programs: chosen, complaints: chosen.length === 0 ? [none] : [] };
  }
  const found = targets.map((target) => ({
    target,
    own: programs.filter((one) => one.target === emulatorNameOf(target)),
  }));
  const absent = found.filter(({ own }) => own.length === 0);
  const all = [...new Set(found.flatMap(({ own }) => own))];
  return {
    programs: all.filter(({ runsHere }) => runsHere),
    complaints: [
      ...absent.map(({ target }) => `There is no emulator of ${target.name} in ${file}.`),
      ...all.filter(({ runsHere }) => !runsHere).map(notForHere),
    ],
  };
}

async function place(
  listing: ArchiveListing,
  programs: readonly ArchiveProgram[],
  register: PlaceRequest['register'],
  call: Call,
): Promise<ExitStatus> {
  const { terminal } = call;
  const manager = openManager(call);
  if (register === 'keep') tellKept(programs, await manager.snapshot(), terminal);
  const work = async () => {
    const names = programs.map(({ fileName }) => fileName);
    const result = await interruptible((signal) =>
      placeFromArchive(manager, listing, names, register, {
        signal,
        onProgress: (fraction) => terminal.progress(`Unpacking ${Math.floor(100 * fraction)} %`),
      }),
    );
    terminal.progress(null);
    return result;
  };
  return carryOut(requestToPlace(programs, register), manager, call, { work });
}

/** Says which targets stay registered as they are: the kernel may go on running another emulator. */
function tellKept(programs: readonly ArchiveProgram[], snapshot: Snapshot, terminal: Terminal): void {
  const targets = new Set(programs.flatMap(({ fileName }) => targetsOfFileName(fileName)));
  for (const target of targets) {
    if (target.family === snapshot.host.family || entryToReplace(target, snapshot) === undefined) continue;
    terminal.say(`${target.name} is registered already and stays so; --replace registers it anew.`);
  }
}

/** What is in it, as comments of a script. */
async function commentOn({ programs, leftOut }: ArchiveListing): Promise<string> {
  const columns: readonly Column[] = [
    { heading: 'FILE' },
    { heading: 'TARGET' },
    { heading: 'QEMU' },
    { heading: 'SIZE' },
    { heading: 'LINKED' },
    { heading: 'MADE FOR' },
  ];
  const rows = programs.map((one) => [
    one.fileName,
    one.target,
    one.qemuVersion,
    formatSize(one.size),
    one.linkage,
    one.runsHere ? 'this machine' : one.machineName,
  ]);
  const lines = await formatColumns(columns, rows, null);
  const others = leftOut.map((one) => `${one.path}: ${one.reason}`);
  const text = [...lines, ...others].map((line) => `# ${line}`);
  return [...text, `# What is chosen of it goes to ${INTERPRETER_DIRECTORY}:`, ''].join('\n');
}
