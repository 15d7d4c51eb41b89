import { lazy, Suspense } from 'react';
import { useStore } from '../store.ts';

/** Loaded when they are first asked for: the window opens without them. */
const InstallDialog = lazy(() => import('./install-dialog.tsx'));
const ArchiveDialog = lazy(() => import('./archive-dialog.tsx'));

export function Getting() {
  const dialog = useStore((store) => store.getting.dialog);
  if (dialog === null) return null;
  return <Suspense>{dialog === 'install' ? <InstallDialog /> : <ArchiveDialog />}</Suspense>;
}
