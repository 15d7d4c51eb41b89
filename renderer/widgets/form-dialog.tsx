import './form-dialog.css';
import type { FormEvent, ReactNode } from 'react';
import { Dialog, Heading, Modal, ModalOverlay } from 'react-aria-components';
import type { ChangeResult } from '../../electron/ipc/contract.ts';

/** A form over the window: its title and its buttons stay in sight while what is between them scrolls. */
export function FormDialog({
  title,
  failure,
  buttons,
  onSubmit,
  onClose,
  children,
}: {
  readonly title: ReactNode;
  /** Why the last try did not work. */
  readonly failure: Pick<ChangeResult, 'message' | 'details'> | null;
  readonly buttons: ReactNode;
  readonly onSubmit: () => void;
  readonly onClose: () => void;
  readonly children: ReactNode;
}) {
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    onSubmit();
  };
  return (
    // A click beside it does not close it: that would lose what was typed. Escape does.
    <ModalOverlay className="overlay" isOpen onOpenChange={(open) => open || onClose()}>
      <Modal className="modal form-modal">
        <Dialog className="form-dialog">
          {/* What is wrong is said next to each field, by whoever checks it. */}
          <form className="form-dialog-form" onSubmit={submit} noValidate>
            <Heading slot="title" className="form-dialog-title">
              {title}
            </Heading>
            <div className="form-dialog-body">{children}</div>
            {failure !== null && <Failure failure={failure} />}
            <div className="form-dialog-buttons">{buttons}</div>
          </form>
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}

function Failure({ failure }: { readonly failure: Pick<ChangeResult, 'message' | 'details'> }) {
  return (
    <div role="alert" className="form-dialog-failure notice notice-bad">
      <p>{failure.message}</p>
      {failure.details.length > 0 && (
        <ul>
          {failure.details.map((detail) => (
            <li key={detail}>{detail}</li>
          ))}
        </ul>
      )}
    </div>
  );
}
