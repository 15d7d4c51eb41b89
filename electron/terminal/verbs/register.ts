import { Interpreters } from '../../binfmt/interpreters.ts';
import { ownerOf } from '../../binfmt/operations.ts';
import { planOf } from '../../binfmt/requests.ts';
import { isNameTaken, type Loss, type Row, type Snapshot } from '../../binfmt/snapshot.ts';
import { entryNameOf, type Target } from '../../binfmt/targets.ts';
import { lossBy } from '../../register-preview.ts';
import { carryOut, openManager } from '../carry-out.ts';
import { commandToInstall, commandToReplace } from '../commands-for.ts';
import { mayLose } from '../may-do.ts';
import { complainOfMount } from '../mounted.ts';
import { isFreeFor, type RegisterWish, readWish, targetsFor } from '../register-wish.ts';
import { complainOf } from '../selection.ts';
import { notRead } from '../system.ts';
import type { Terminal } from '../terminal.ts';
import { type Call, DONE, type ExitStatus, FAILED, MISUSED } from '../verb.ts';
import { targetsCalled } from '../words.ts';

/** `register`: targets by name, or all that an emulator is there for. */
export async function run(call: Call): Promise<ExitStatus> {
  const { words, options, terminal } = call;
  const named = targetsCalled(words);
  if (complainOf(named, terminal) !== DONE) return MISUSED;
  const interpreters = new Interpreters(notRead, () => undefined);
  const read = await readWish(options, named.found, interpreters);
  if (!read.ok) {
    terminal.complain(read.problem);
    return MISUSED;
  }

  const given = read.value;
  const manager = openManager(call);
  const snapshot = await manager.snapshot();
  if (complainOfMount(snapshot, terminal)) return FAILED;
  const wish = { ...given, ...(await askAboutTaken(named.found, given, snapshot, call)) };
  const fates = named.found.map((target) => fateOf(target, wish, snapshot, terminal));
  for (const { complaint, remark } of fates) {
    if (complaint !== null) terminal.complain(complaint);
    if (remark !== null) terminal.say(remark);
  }
  const registered = fates.flatMap(({ registers }) => registers);
  if (wish.existing === 'replace') warnOfLosses(registered, snapshot, terminal);
  const wanted = new Set(registered.map(({ name }) => name));
  if (named.isAll) {
    for (const { name } of await targetsFor(given, snapshot, interpreters)) wanted.add(name);
    if (given.existing === undefined && given.reset !== true) tellOfTakenNames(wanted, snapshot, terminal);
    if (wanted.size === 0) return await tellOfNothing(given, snapshot, interpreters, terminal);
  }
  const request = { ...wish, targets: [...wanted] };
  const mayDo = (losses: readonly Loss[]): Promise<boolean> => mayLose(losses, call);
  const status = wanted.size === 0 ? DONE : await carryOut(request, manager, call, { mayDo });
  return fates.some(({ complaint }) => complaint !== null) ? FAILED : status;
}

/** What becomes of those that are registered already, where that was not said and somebody is there to ask. */
async function askAboutTaken(
  named: readonly Target[],
  wish: RegisterWish,
  snapshot: Snapshot,
  { terminal, options }: Call,
): Promise<Pick<RegisterWish, 'existing'>> {
  if (wish.existing !== undefined || !terminal.canAsk || options['dry-run'] !== undefined) return {};
  const taken = named.filter(
    (target) =>
      isTaken(target, wish, snapshot) &&
      planOf({ ...wish, targets: [target.name], existing: 'replace' }, snapshot).ok,
  );
  if (taken.length === 0) return {};
  for (const target of taken) terminal.complain(whoHas(target, snapshot));
  const yes = await terminal.confirm(taken.length === 1 ? 'Replace it?' : 'Replace them?');
  return { existing: yes ? 'replace' : 'keep' };
}

/** What is to become of a target that was named: one that cannot be registered does not keep others from it. */
interface Fate {
  readonly registers: readonly Target[];
  readonly complaint: string | null;
  readonly remark: string | null;
}

function fateOf(target: Target, wish: RegisterWish, snapshot: Snapshot, terminal: Terminal): Fate {
  const taken = isTaken(target, wish, snapshot);
  if (taken && wish.existing === 'keep') {
    const isServed = (rowOf(target, snapshot)?.entryNames ?? []).length > 0;
    const remark = isServed ? `${target.name} is registered already.` : whoHas(target, snapshot);
    return { registers: [], complaint: null, remark };
  }
  const planned = planOf({ ...wish, targets: [target.name] }, snapshot);
  // Docker's lists name it among others: that it runs is what is wanted.
  if (!planned.ok && rowOf(target, snapshot)?.state === 'Native' && wish.ownFamily !== true) {
    return { registers: [], complaint: null, remark: planned.problem };
  }
  const isQuestion = taken && wish.existing === undefined;
  if (planned.ok && !isQuestion) return { registers: [target], complaint: null, remark: null };
  const problem = planned.ok ? whoHas(target, snapshot) : planned.problem;
  const advice = isQuestion
    ? ' Add --replace to register it anew, --keep to leave it.'
    : adviceOn(rowOf(target, snapshot), wish, terminal);
  return { registers: [], complaint: problem + advice, remark: null };
}

const rowOf = ({ name }: Target, { targets }: Snapshot): Row | undefined =>
  targets.find((one) => one.isTarget && one.name === name);

/** Whether something serves the target, or has its name, when it is registered. */
function isTaken(target: Target, wish: RegisterWish, snapshot: Snapshot): boolean {
  const row = rowOf(target, snapshot);
  return row !== undefined && !isFreeFor(wish, row, snapshot);
}

/** Says as what a target is registered, or what else has its name. */
function whoHas(target: Target, snapshot: Snapshot): string {
  const serving = rowOf(target, snapshot)?.entryNames ?? [];
  return serving.length > 0
    ? `${target.name} is registered already, as ${serving.join(', ')}.`
    : `${target.name}: ${ownerOf(entryNameOf(target), snapshot)}`;
}

const adviceOn = (row: Row | undefined, { options }: RegisterWish, terminal: Terminal): string =>
  row?.state === 'Not installed' && options.interpreter.kind === 'found'
    ? ` This installs it: ${commandToInstall(terminal)}`
    : '';

/** Says which other targets lose the entry that takes their programs, too. */
function warnOfLosses(registered: readonly Target[], snapshot: Snapshot, terminal: Terminal): void {
  for (const target of registered) {
    const loss = lossBy(target, registered, snapshot);
    if (loss !== null) terminal.complain(loss);
  }
}

/** Says which targets “all” passes over, because something that does not serve them has their name. */
function tellOfTakenNames(wanted: ReadonlySet<string>, snapshot: Snapshot, terminal: Terminal): void {
  for (const row of snapshot.targets) {
    if (wanted.has(row.name) || !isNameTaken(row, snapshot)) continue;
    const owner = ownerOf(`qemu-${row.name}`, snapshot);
    terminal.complain(
      `${row.name} was left alone. ${owner} To replace it: ${commandToReplace(row.name, terminal)}`,
    );
  }
}

async function tellOfNothing(
  wish: RegisterWish,
  snapshot: Snapshot,
  interpreters: Interpreters,
  terminal: Terminal,
): Promise<ExitStatus> {
  const installed = await targetsFor({ ...wish, existing: 'replace' }, snapshot, interpreters);
  if (installed.length > 0) {
    terminal.say('Every target with an emulator is registered already.');
    return DONE;
  }
  const { interpreter } = wish.options;
  if (interpreter.kind === 'directory') {
    terminal.complain(`There is no qemu-TARGET${interpreter.suffix} in ${interpreter.directory}.`);
  } else {
    terminal.complain(`No emulator is installed. This installs them: ${commandToInstall(terminal)}`);
  }
  return FAILED;
}
