import { Button } from 'react-aria-components';
import { useShallow } from 'zustand/react/shallow';
import { bootSentences, type Row } from '../../electron/ipc/contract.ts';
import { askToApplyBoot, changeRowAtBoot, droppableName, keepableName } from '../actions/boot.ts';
import { controlOf } from '../actions/changes.ts';
import { copyText } from '../actions/copy-text.ts';
import { type TableName, useStore } from '../store.ts';
import { Section } from './section.tsx';

/** Who brings the row's entry back when the machine starts, as what, and a way to change that. */
export function BootSection({ table, row }: { readonly table: TableName; readonly row: Row }) {
  const sentences = useStore(useShallow((store) => bootSentences(row, store.snapshot.boot)));
  return (
    <Section title="At boot" action={<BootButtons table={table} row={row} />}>
      <div className="boot-section">
        {sentences.map((sentence) => (
          <p key={sentence}>{sentence}</p>
        ))}
        <BootLine row={row} />
        {isOtherThanNow(row) && (
          <Button className="button button-link boot-apply" onPress={askToApplyBoot}>
            Apply boot configuration…
          </Button>
        )}
      </div>
    </Section>
  );
}

function BootButtons({ table, row }: { readonly table: TableName; readonly row: Row }) {
  const isPossible = useStore((store) => store.elevation.kind !== 'unavailable');
  const isPending = useStore((store) => store.pending.has(controlOf(table, row.name)));
  const keepable = useStore((store) => keepableName(row, store.snapshot));
  const choices = [
    { kind: 'keep-at-boot', label: 'Keep at boot', name: keepable },
    { kind: 'not-at-boot', label: 'Not at boot', name: droppableName(row) },
  ] as const;
  return (
    <div>
      {choices
        .filter(({ name }) => name !== null)
        .map(({ kind, label, name }, index) => (
          <Button
            // The one takes the place of the other, and with it the focus.
            // biome-ignore lint/suspicious/noArrayIndexKey: see above.
            key={index}
            className="button button-link"
            aria-label={`${label}: ${name}`}
            isDisabled={!isPossible}
            // Disabled it would lose the focus.
            onPress={() => isPending || changeRowAtBoot(kind, table, row)}
          >
            {label}
          </Button>
        ))}
    </div>
  );
}

/** The line itself, where it is not the one that is shown as the register line. */
function BootLine({ row: { name, bootLine, registerLine } }: { readonly row: Row }) {
  if (bootLine === null || bootLine === registerLine) return null;
  const what = `the line for ${name} at boot`;
  return (
    <>
      <div className="inspector-section-head">
        <p className="muted">What will be registered then</p>
        <Button
          className="button button-link"
          aria-label={`Copy ${what}`}
          onPress={() => void copyText(bootLine, what)}
        >
          Copy
        </Button>
      </div>
      <pre>{bootLine}</pre>
    </>
  );
}

const isOtherThanNow = ({ boot }: Row): boolean =>
  boot?.kind === 'comes-back' || (boot?.kind === 'kept' && boot.differs !== null);
