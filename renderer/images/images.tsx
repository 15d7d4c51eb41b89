import { lazy, Suspense } from 'react';
import { useStore } from '../store.ts';

/** Loaded when it is first asked for: the window opens without it. */
const ImagesDialog = lazy(() => import('./images-dialog.tsx'));

export function Images() {
  const isOpen = useStore((store) => store.images?.isOpen === true);
  return (
    isOpen && (
      <Suspense>
        <ImagesDialog />
      </Suspense>
    )
  );
}
