import type { Snapshot } from '../binfmt/snapshot.ts';
import type { Call } from './verb.ts';

/**
 * Whether these entries may be removed: somebody at a terminal is asked, unless they said so before; where nobody
 * can be asked, what was typed is meant. Those that nobody can put back are named in any case.
 */
export async function mayRemove(names: readonly string[], snapshot: Snapshot, call: Call): Promise<boolean> {
  const { terminal, options } = call;
  if (options['dry-run'] !== undefined) return true;
  const lost = snapshot.losses.filter((loss) => names.includes(loss.name));
  for (const { name, reason } of lost) terminal.complain(`${name} could not be put back: ${reason}.`);
  if (options.yes !== undefined || !terminal.canAsk) return true;
  const what = names.length === 1 ? names[0] : `these ${names.length} entries: ${names.join(' ')}`;
  if (await terminal.confirm(`Remove ${what}?`)) return true;
  terminal.complain('Nothing was changed.');
  return false;
}
