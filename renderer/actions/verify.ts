import type { Row, VerifiedTarget } from '../../electron/ipc/contract.ts';
import { type Store, showResult, useStore } from '../store.ts';

const { getState: get, setState: set } = useStore;

/** Verifies targets; a result replaces the one before. */
export async function verify(targets: readonly string[]): Promise<void> {
  if (targets.length === 0) return;
  set({ verifying: new Set([...get().verifying, ...targets]) });
  await window.binfmt.verify(targets);
  const left = new Set(get().verifying);
  for (const target of targets) left.delete(target);
  set({ verifying: left });
  const results = targets.map((target) => get().verified.get(target)?.verification);
  const failed = results.filter((one) => one?.verdict === 'failed');
  const [only] = failed;
  const total = targets.length === 1 ? (targets[0] ?? '') : `${targets.length} targets`;
  if (failed.length === 0) {
    showResult({ kind: 'done', message: `Verified ${total}: every program ran`, details: [], undo: null });
  } else if (only?.verdict === 'failed') {
    const sentences = failed.map((one) =>
      one?.verdict === 'failed' ? `${one.target}: ${one.explanation}` : '',
    );
    const [first = ''] = sentences;
    const isOne = targets.length === 1;
    showResult({
      kind: 'failed',
      message: isOne ? first : `${failed.length} of ${total} did not run.`,
      details: isOne ? [] : sentences,
      undo: null,
    });
  }
}

/** Verifies every target that is registered and enabled. */
export const verifyAll = (): void =>
  void verify(
    get()
      .snapshot.targets.filter((row) => row.isTarget && row.state === 'Enabled')
      .map((row) => row.name),
  );

/** The last verification of a row, if it is of what is registered now. */
export function verificationOf({ verified }: Pick<Store, 'verified'>, row: Row): VerifiedTarget | null {
  const last = verified.get(row.name);
  return row.isTarget && last !== undefined && last.entryText === (row.entry?.text ?? null) ? last : null;
}

export function showVerified(verified: VerifiedTarget): void {
  const { target } = verified.verification;
  set({ verified: new Map([...get().verified, [target, verified]]) });
}
