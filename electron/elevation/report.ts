import type { Operation, Plan } from '../binfmt/operations.ts';

/** What became of one operation. */
export type Outcome =
  | { readonly operation: Operation; readonly status: 'done' }
  /** `message` is what the tools or the kernel said, in English. */
  | { readonly operation: Operation; readonly status: 'failed'; readonly message: string }
  /** Somebody else has done the same by then. */
  | { readonly operation: Operation; readonly status: 'done-by-other' }
  /**
   * It was begun and its end was not reported: only the system itself can tell. Or it failed halfway, and `message` is
   * what the kernel said.
   */
  | { readonly operation: Operation; readonly status: 'interrupted'; readonly message?: string }
  | { readonly operation: Operation; readonly status: 'not-reached' };

/** Reads what the script of `buildScript()` printed, whole or cut off anywhere. */
export function parseReport(output: string, plan: Plan, token: string): readonly Outcome[] {
  const begun = new Map<number, number>();
  const outcomes = new Map<number, Outcome>();
  const reports = new RegExp(`\\n${token} (\\d+) (begin|done|failed)\\n`, 'g');
  // The output may be cut off behind a report's last letter, or begin with the first one.
  const text = `\n${output}`;
  for (let match = reports.exec(text); match !== null; match = reports.exec(text)) {
    const number = Number(match[1]);
    const operation = plan[number - 1];
    if (operation === undefined) continue;
    if (match[2] === 'begin') begun.set(number, reports.lastIndex);
    else if (match[2] === 'done') outcomes.set(number, { operation, status: 'done' });
    else {
      const message = text.slice(begun.get(number) ?? match.index, match.index).trim();
      outcomes.set(number, { operation, status: 'failed', message });
    }
    // Two reports share the line break between them.
    reports.lastIndex -= 1;
  }
  return plan.map(
    (operation, index) =>
      outcomes.get(index + 1) ??
      (begun.has(index + 1) ? { operation, status: 'interrupted' } : { operation, status: 'not-reached' }),
  );
}
