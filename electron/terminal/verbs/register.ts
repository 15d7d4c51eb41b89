import { Interpreters } from '../../binfmt/interpreters.ts';
import { planOf } from '../../binfmt/requests.ts';
import type { Row, Snapshot } from '../../binfmt/snapshot.ts';
import type { Target } from '../../binfmt/targets.ts';
import { carryOut, openManager } from '../carry-out.ts';
import { commandToInstall } from '../commands-for.ts';
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

  const wish = read.value;
  const manager = openManager(call);
  const snapshot = await manager.snapshot();
  if (complainOfMount(snapshot, terminal)) return FAILED;
  const fates = named.found.map((target) => fateOf(target, wish, snapshot, terminal));
  for (const { complaint, remark } of fates) {
    if (complaint !== null) terminal.complain(complaint);
    if (remark !== null) terminal.say(remark);
  }
  const others = named.isAll ? await targetsFor(wish, snapshot, interpreters) : [];
  const wanted = new Set([...fates.flatMap(({ registers }) => registers), ...others].map(({ name }) => name));
  const status =
    wanted.size > 0
      ? await carryOut({ ...wish, targets: [...wanted] }, manager, call, {
          mayDo: (losses) => mayLose(losses, call),
        })
      : named.isAll
        ? await tellOfNothing(wish, snapshot, interpreters, terminal)
        : DONE;
  return fates.some(({ complaint }) => complaint !== null) ? FAILED : status;
}

/** What is to become of a target that was named: one that cannot be registered does not keep others from it. */
interface Fate {
  readonly registers: readonly Target[];
  readonly complaint: string | null;
  readonly remark: string | null;
}

function fateOf(target: Target, wish: RegisterWish, snapshot: Snapshot, terminal: Terminal): Fate {
  const row = snapshot.targets.find((one) => one.isTarget && one.name === target.name);
  const isTaken = row !== undefined && !isFreeFor(wish, row, snapshot);
  if (isTaken && wish.existing === 'keep') {
    return { registers: [], complaint: null, remark: `${target.name} is registered already.` };
  }
  const planned = planOf({ ...wish, targets: [target.name] }, snapshot);
  if (planned.ok) return { registers: [target], complaint: null, remark: null };
  // Docker's lists name it among others: that it runs is what is wanted.
  if (row?.state === 'Native' && wish.ownFamily !== true) {
    return { registers: [], complaint: null, remark: planned.problem };
  }
  const advice = adviceOn(row, isTaken, wish, terminal);
  return { registers: [], complaint: planned.problem + advice, remark: null };
}

function adviceOn(
  row: Row | undefined,
  isTaken: boolean,
  { existing, options }: RegisterWish,
  terminal: Terminal,
): string {
  if (isTaken && existing === undefined) return ' Add --replace to register it anew, --keep to leave it.';
  const isFound = options.interpreter.kind === 'found';
  return row?.state === 'Not installed' && isFound ? ` This installs it: ${commandToInstall(terminal)}` : '';
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
