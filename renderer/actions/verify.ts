import {
  circumstancesOf,
  type Row,
  type Verification,
  type VerifiedTarget,
} from '../../electron/ipc/contract.ts';
import { type ShownResult, type Store, showResult, useStore } from '../store.ts';

const { getState: get, setState: set } = useStore;

/** Verifies targets; a result replaces the one before. */
export async function verify(names: readonly string[], omitted = 0): Promise<void> {
  if (names.length === 0) return;
  set({ verifying: new Set([...get().verifying, ...names]) });
  try {
    // Its messages may come later than the answer.
    const results = await window.binfmt.verify(names);
    showResult({ ...summaryOf(results, omitted), undo: null });
  } catch (error) {
    showResult({
      kind: 'failed',
      message: `Nothing could be verified: ${String(error)}`,
      details: [],
      undo: null,
    });
  } finally {
    const left = new Set(get().verifying);
    for (const name of names) left.delete(name);
    set({ verifying: left });
  }
}

/** What came of it; `omitted` targets, which are disabled, were left out. */
function summaryOf(
  results: readonly Verification[],
  omitted: number,
): Pick<ShownResult, 'kind' | 'message' | 'details'> {
  const problems = results.flatMap((one) =>
    one.verdict === 'failed' ? [`${one.target}: ${one.explanation}`] : [],
  );
  const [problem] = problems;
  const [only, ...others] = results;
  const isOne = only !== undefined && others.length === 0;
  const total = isOne ? only.target : `${results.length} targets`;
  const rest =
    omitted === 0
      ? []
      : [`${omitted === 1 ? '1 disabled target was' : `${omitted} disabled targets were`} not tried.`];
  if (problem === undefined) {
    const message = [`Verified ${total}: every program ran`, ...rest].join('. ');
    return { kind: 'done', message, details: [] };
  }
  const first = isOne ? problem : `${problems.length} of ${total} did not run.`;
  return { kind: 'failed', message: [first, ...rest].join(' '), details: isOne ? [] : problems };
}

/** Verifies every target whose programs should run here. Those that somebody disabled should not. */
export function verifyAll(): void {
  const rows = get().snapshot.targets.filter((row) => row.isTarget);
  void verify(
    rows.filter(shouldRun).map(({ name }) => name),
    rows.filter((row) => row.entry !== null && !shouldRun(row)).length,
  );
}

/** Whether programs of this row's target should run: this machine runs them itself, or an enabled entry takes them. */
export const shouldRun = ({ isTarget, state, entry }: Row): boolean =>
  isTarget && (state === 'Native' || (entry !== null && entry.kind !== 'unreadable' && entry.enabled));

/** The last verification of a row, if it is of what is registered now. */
export function verificationOf(
  { verified, snapshot }: Pick<Store, 'verified' | 'snapshot'>,
  row: Row,
): VerifiedTarget | null {
  const last = verified.get(row.name);
  if (!row.isTarget || last === undefined) return null;
  return last.circumstances === circumstancesOf(row, snapshot) ? last : null;
}

export function showVerified(verified: VerifiedTarget): void {
  const { target } = verified.verification;
  set({ verified: new Map([...get().verified, [target, verified]]) });
}
