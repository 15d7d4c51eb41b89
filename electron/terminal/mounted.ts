import { isMounted, problemOfMount, type Snapshot } from '../binfmt/snapshot.ts';
import type { Terminal } from './terminal.ts';

/** Whether no entry can be seen, so that nothing can be said of any; then it has been said what to do. */
export function complainOfMount(snapshot: Snapshot, terminal: Terminal): boolean {
  const problem = problemOfMount(snapshot);
  if (problem !== null) terminal.complain(problem + hintToMount(snapshot, terminal));
  return problem !== null;
}

/** What to add to a problem where mounting is what helps. */
export const hintToMount = (snapshot: Snapshot, terminal: Terminal): string =>
  isMounted(snapshot) || snapshot.binfmtMisc === 'unsupported'
    ? ''
    : ` To mount it: ${terminal.lineAsRoot('mount')}`;
