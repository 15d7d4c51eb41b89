import { lazy, Suspense } from 'react';
import { useStore } from '../store.ts';

/** Loaded when they are first asked for: the window opens without them. */
const FileQuestion = lazy(() => import('./file-question.tsx'));
const ApplyBootDialog = lazy(() => import('./apply-boot-dialog.tsx'));

/** What a person is asked about boot. */
export function BootDialogs() {
  const hasQuestion = useStore((store) => store.fileQuestion !== null);
  const isApplying = useStore((store) => store.bootApplication !== null);
  return (
    <Suspense>
      {hasQuestion && <FileQuestion />}
      {isApplying && <ApplyBootDialog />}
    </Suspense>
  );
}
