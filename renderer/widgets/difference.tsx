import './difference.css';
import { Equal, Pencil, Plus, TriangleAlert, X } from 'lucide-react';
import type { ReactNode } from 'react';
import type { PreviewedChange } from '../../electron/ipc/contract.ts';

type Kind = PreviewedChange['kind'];

const kinds: Readonly<
  Record<Kind, { readonly icon: ReactNode; readonly word: string; readonly total: string }>
> = {
  add: { icon: <Plus aria-hidden className="state-good" />, word: 'Add', total: 'to add' },
  change: { icon: <Pencil aria-hidden />, word: 'Change', total: 'to change' },
  remove: { icon: <X aria-hidden className="state-bad" />, word: 'Remove', total: 'to remove' },
  same: { icon: <Equal aria-hidden />, word: 'Same', total: 'the same' },
};
const order: readonly Kind[] = ['add', 'change', 'remove', 'same'];

/** What becomes of each entry: how many of which kind, what changes, and folded away what stays. */
export function Difference({ changes }: { readonly changes: readonly PreviewedChange[] }) {
  const changing = changes.filter(({ kind }) => kind !== 'same');
  const staying = changes.filter(({ kind }) => kind === 'same');
  const totals = order
    .map((kind) => ({ kind, count: changes.filter((change) => change.kind === kind).length }))
    .filter(({ count }) => count > 0);
  return (
    <div className="difference">
      <p className="difference-totals">
        {totals.map(({ kind, count }) => (
          <span key={kind} className="difference-total">
            {kinds[kind].icon}
            {count} {kinds[kind].total}
          </span>
        ))}
      </p>
      {changing.length > 0 && <Changes changes={changing} label="What changes" />}
      {staying.length > 0 && (
        <details className="disclosure">
          <summary>What stays the same</summary>
          <Changes changes={staying} label="What stays the same" />
        </details>
      )}
    </div>
  );
}

function Changes({
  changes,
  label,
}: {
  readonly changes: readonly PreviewedChange[];
  readonly label: string;
}) {
  return (
    // Scrollable, so it must be reachable from the keyboard.
    // biome-ignore lint/a11y/noNoninteractiveTabindex: see above.
    <ul className="difference-changes" aria-label={label} tabIndex={0}>
      {changes.map(({ name, kind, what, problem, warnings }) => (
        <li key={name} className="difference-change">
          <span className="difference-kind">
            {kinds[kind].icon}
            {kinds[kind].word}
          </span>
          <div>
            <p className="path path-whole">{name}</p>
            <p className="muted">{what}</p>
            {[...(problem === null ? [] : [problem]), ...warnings].map((sentence) => (
              <p key={sentence} className="difference-problem">
                <TriangleAlert role="img" aria-label="Warning" className="state-warning" />
                {sentence}
              </p>
            ))}
          </div>
        </li>
      ))}
    </ul>
  );
}
