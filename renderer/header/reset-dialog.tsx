import './reset-dialog.css';
import { Button, Dialog, Heading, Modal, ModalOverlay } from 'react-aria-components';
import { answerReset, useStore } from '../store.ts';
import { Script } from '../widgets/script.tsx';

/** Asks before everything of QEMU goes, and names what goes. */
export function ResetDialog() {
  const names = useStore((store) => store.asksToReset);
  if (names === null) return null;
  return (
    <ModalOverlay
      className="overlay"
      isOpen
      isDismissable
      onOpenChange={(open) => open || answerReset(false)}
    >
      <Modal className="modal">
        <Dialog className="dialog">
          <ResetQuestion names={names} />
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}

function ResetQuestion({ names }: { readonly names: readonly string[] }) {
  const losses = useStore((store) => store.snapshot.losses).filter((loss) => names.includes(loss.name));
  return (
    <>
      <Heading slot="title">Reset all registrations?</Heading>
      <p>
        {names.length === 1 ? 'This entry is' : `These ${names.length} entries are`} removed from the kernel,
        one by one. Other formats stay. Undo puts everything back
        {losses.length > 0 && ', except what is named below'}.
      </p>
      <ul className="reset-names">
        {names.map((name) => (
          <li key={name}>{name}</li>
        ))}
      </ul>
      {losses.length > 0 && (
        <div className="notice notice-warning">
          <p>These cannot be put back:</p>
          <ul>
            {losses.map((loss) => (
              <li key={loss.name}>
                <code>{loss.name}</code>: {loss.reason}
              </li>
            ))}
          </ul>
        </div>
      )}
      <WhatWillRun />
      <div className="dialog-buttons">
        <Button className="button" autoFocus onPress={() => answerReset(false)}>
          Cancel
        </Button>
        <Button className="button button-danger-fill" onPress={() => answerReset(true)}>
          Reset all
        </Button>
      </div>
    </>
  );
}

function WhatWillRun() {
  const preview = useStore((store) => store.resetPreview);
  if (preview === null || preview.problem !== null) return null;
  return (
    <details className="disclosure">
      <summary>What will run</summary>
      <Script operations={preview.operations} script={preview.script} />
    </details>
  );
}
