import './removal-dialog.css';
import { Button, Heading } from 'react-aria-components';
import { answerRemoval } from '../actions/removal.ts';
import { type Removal, useStore } from '../store.ts';
import { Losses } from '../widgets/losses.tsx';
import { Overlay } from '../widgets/overlay.tsx';
import { WhatWillRun } from '../widgets/what-will-run.tsx';

/** Asks before everything of QEMU goes, or something goes that could not be put back; and names what goes. */
export function RemovalDialog() {
  const removal = useStore((store) => store.asksToRemove);
  if (removal === null) return null;
  return (
    <Overlay onClose={() => answerRemoval(false)}>
      <RemovalQuestion removal={removal} />
    </Overlay>
  );
}

function RemovalQuestion({ removal: { kind, names } }: { readonly removal: Removal }) {
  const losses = useStore((store) => store.snapshot.losses).filter((loss) => names.includes(loss.name));
  const preview = useStore((store) => store.removalPreview);
  const isReset = kind === 'reset';
  return (
    <>
      <Heading slot="title">
        {isReset ? 'Reset all registrations?' : `Unregister ${countOfEntries(names)}?`}
      </Heading>
      <p>
        {names.length === 1 ? 'This entry is' : `These ${names.length} entries are`} removed from the kernel
        {names.length > 1 && ', one by one'}. {isReset && 'Other formats stay. '}
        {undoSentence(names.length, losses.length)}
      </p>
      <ul className="removal-names">
        {names.map((name) => (
          <li key={name}>{name}</li>
        ))}
      </ul>
      <Losses names={names} />
      <WhatWillRun preview={preview} />
      <div className="dialog-buttons">
        <Button className="button" autoFocus onPress={() => answerRemoval(false)}>
          Cancel
        </Button>
        <Button className="button button-danger-fill" onPress={() => answerRemoval(true)}>
          {isReset ? 'Reset all' : 'Unregister'}
        </Button>
      </div>
    </>
  );
}

function undoSentence(entries: number, losses: number): string {
  if (losses === entries) return '';
  return `Undo puts everything back${losses > 0 ? ', except what is named below' : ''}.`;
}

const countOfEntries = (names: readonly string[]): string =>
  names.length === 1 ? `${names[0]}` : `${names.length} entries`;
