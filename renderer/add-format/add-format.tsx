import { lazy, Suspense } from 'react';
import { useStore } from '../store.ts';

/** Loaded when it is first asked for: the window opens without it. */
const AddFormatDialog = lazy(() => import('./add-format-dialog.tsx'));

export function AddFormat() {
  const isOpen = useStore((store) => store.addingFormat !== null);
  return (
    isOpen && (
      <Suspense>
        <AddFormatDialog />
      </Suspense>
    )
  );
}
