import { isEnabled } from '../../binfmt/entry.ts';
import type { Row } from '../../binfmt/snapshot.ts';
import { targets } from '../../binfmt/targets.ts';
import type { Verification } from '../../binfmt/verify/verification.ts';
import { verifyTargets } from '../../binfmt/verify/verify.ts';
import { complainOfMount } from '../mounted.ts';
import { selectRows } from '../selection.ts';
import { readSystem } from '../system.ts';
import type { Terminal } from '../terminal.ts';
import { type Call, DONE, type ExitStatus, FAILED, MISUSED } from '../verb.ts';
import { ALL } from '../words.ts';

/** `verify`: has the kernel execute a program of each target. */
export async function run(call: Call): Promise<ExitStatus> {
  const { words, options, terminal } = call;
  const snapshot = await readSystem();
  if (complainOfMount(snapshot, call.terminal)) return FAILED;
  const named = words.filter((word) => word !== ALL);
  const { rows, status } = await selectRows(named, snapshot, terminal);
  if (status === MISUSED) return status;
  const isForAll = named.length === 0 || named.length < words.length;
  const chosen = [...(named.length > 0 ? rows : []), ...(isForAll ? snapshot.targets.filter(isTried) : [])];
  const others = chosen.filter((row) => !row.isTarget);
  for (const { name } of others) {
    terminal.complain(`${name} is none of QEMU’s targets, and only their programs are known here.`);
  }
  const names = new Set(chosen.filter((row) => row.isTarget).map((row) => row.name));
  if (names.size === 0) {
    if (named.length === 0) terminal.complain('No target is enabled, so there is nothing to verify.');
    return FAILED;
  }
  const results = await verifyTargets(targets.filter((target) => names.has(target.name)));
  if (options.json !== undefined) terminal.print(`${JSON.stringify(results, null, 2)}\n`);
  else for (const result of results) tell(result, terminal);
  const isAll =
    status === DONE && others.length === 0 && results.every(({ verdict }) => verdict === 'passed');
  return isAll ? DONE : FAILED;
}

/** Whether the kernel hands a target's programs to something, be it that they run or not. */
const isTried = ({ isTarget, entry }: Row): boolean => isTarget && entry !== null && isEnabled(entry);

function tell(result: Verification, terminal: Terminal): void {
  if (result.verdict === 'failed') terminal.complain(`${result.target}: ${result.explanation}`);
  else terminal.say(`${result.target}: a program ran, in ${Math.round(result.milliseconds)} ms`);
}
