import type { ReactNode } from 'react';
import { Dialog, Modal, ModalOverlay } from 'react-aria-components';

/** A dialog over the window, with a heading in its slot `title`. Escape and a click beside it close it. */
export function Overlay({
  onClose,
  isWide = false,
  role = 'dialog',
  children,
}: {
  readonly onClose: () => void;
  readonly isWide?: boolean;
  readonly role?: 'dialog' | 'alertdialog';
  readonly children: ReactNode;
}) {
  return (
    <ModalOverlay className="overlay" isOpen isDismissable onOpenChange={(open) => open || onClose()}>
      <Modal className={`modal ${isWide ? 'modal-wide' : ''}`}>
        <Dialog className="dialog" role={role}>
          {children}
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}
