import type { EntryChange } from '../binfmt/exchange/difference.ts';
import type { Loss } from '../binfmt/snapshot.ts';
import type { Call } from './verb.ts';

/** Whether entries may be removed. */
export const mayRemove = (names: readonly string[], call: Call): Promise<boolean> =>
  mayDo(
    `Remove ${names.length === 1 ? names[0] : `these ${names.length} entries: ${names.join(' ')}`}?`,
    call,
  );

/** Whether these may be removed, which nobody can put back; nothing is asked about none. */
export const mayLose = async (losses: readonly Loss[], call: Call): Promise<boolean> =>
  losses.length === 0 || (await mayDo(`Remove ${losses.map(({ name }) => name).join(' ')} for good?`, call));

/** Whether what these changes remove may be removed; nothing is asked where they remove nothing. */
export async function mayChange(changes: readonly EntryChange[], call: Call): Promise<boolean> {
  const removed = changes.filter(({ kind, problem }) => kind === 'remove' && problem === null);
  return (
    removed.length === 0 ||
    (await mayRemove(
      removed.map(({ name }) => name),
      call,
    ))
  );
}

/**
 * Whether something may be done: somebody at a terminal is asked, unless they said so before; where nobody can be
 * asked, what was typed is meant.
 */
async function mayDo(question: string, { terminal, options }: Call): Promise<boolean> {
  if (options.yes !== undefined || !terminal.canAsk) return true;
  if (await terminal.confirm(question)) return true;
  terminal.complain('Nothing was changed.');
  return false;
}
