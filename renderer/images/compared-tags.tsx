import { CircleCheck, CircleQuestionMark, Pencil, Plus } from 'lucide-react';
import type { ReactNode } from 'react';
import type { Comparison } from '../../electron/ipc/contract.ts';

type State = Comparison['tags'][number]['state'];

const states: Readonly<
  Record<State, { readonly icon: ReactNode; readonly word: string; readonly total: string }>
> = {
  new: { icon: <Plus aria-hidden className="state-good" />, word: 'New', total: 'new' },
  different: {
    icon: <Pencil aria-hidden className="state-warning" />,
    word: 'Different',
    total: 'different',
  },
  unknown: {
    icon: <CircleQuestionMark aria-hidden className="state-warning" />,
    word: 'Not told',
    total: 'not told by the registry',
  },
  same: { icon: <CircleCheck aria-hidden />, word: 'Same', total: 'the same' },
};
const order: readonly State[] = ['different', 'unknown', 'new', 'same'];

/** What the registry has of the tags: how many of which state, and each of them, those that matter most first. */
export function ComparedTags({ comparison: { tags } }: { readonly comparison: Comparison }) {
  const sorted = order.map((state) => ({ state, tags: tags.filter((tag) => tag.state === state) }));
  return (
    <section className="form-section" aria-label="Compared with the registry">
      <p className="images-totals">
        {sorted
          .filter((one) => one.tags.length > 0)
          .map((one) => (
            <span key={one.state}>
              {states[one.state].icon}
              {one.tags.length} {states[one.state].total}
            </span>
          ))}
      </p>
      {/* Scrollable, so it must be reachable from the keyboard. */}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: see above. */}
      <ul className="images-list images-compared" aria-label="Tags" tabIndex={0}>
        {sorted.flatMap((one) =>
          one.tags.map(({ tag, digest }) => (
            <li key={tag}>
              <span className="images-state">
                {states[one.state].icon}
                {states[one.state].word}
              </span>
              <code>{tag}</code>
              <code className="muted images-short-digest">{digest}</code>
            </li>
          )),
        )}
      </ul>
    </section>
  );
}
