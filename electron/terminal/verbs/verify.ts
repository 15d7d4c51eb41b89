import { targets } from '../../binfmt/targets.ts';
import type { Verification } from '../../binfmt/verify/verification.ts';
import { verifyTargets } from '../../binfmt/verify/verify.ts';
import { selectRows } from '../selection.ts';
import { readSystem } from '../system.ts';
import type { Terminal } from '../terminal.ts';
import { type Call, type ExitStatus, FAILED, MISUSED } from '../verb.ts';
import { ALL } from '../words.ts';

/** `verify`: has the kernel execute a program of each target. */
export async function run({ words, options, terminal }: Call): Promise<ExitStatus> {
  const snapshot = await readSystem();
  const named = words.filter((word) => word !== ALL);
  const { rows, status } = await selectRows(named, snapshot, terminal);
  if (status === MISUSED) return status;
  const chosen = named.length > 0 ? rows : rows.filter((row) => row.state === 'Enabled');
  const names = new Set(chosen.filter((row) => row.isTarget).map((row) => row.name));
  if (names.size === 0) {
    terminal.complain('No target is enabled, so there is nothing to verify.');
    return FAILED;
  }
  const results = await verifyTargets(targets.filter((target) => names.has(target.name)));
  if (options.json !== undefined) terminal.print(`${JSON.stringify(results, null, 2)}\n`);
  else for (const result of results) tell(result, terminal);
  return results.every(({ verdict }) => verdict === 'passed') ? status : FAILED;
}

function tell(result: Verification, terminal: Terminal): void {
  if (result.verdict === 'failed') terminal.complain(`${result.target}: ${result.explanation}`);
  else terminal.say(`${result.target}: a program ran, in ${Math.round(result.milliseconds)} ms`);
}
