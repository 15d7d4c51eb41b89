import { lazy, Suspense } from 'react';
import { useStore } from '../store.ts';

/** Loaded when they are first asked for: the window opens without them. */
const ExportDialog = lazy(() => import('./export-dialog.tsx'));
const ImportDialog = lazy(() => import('./import-dialog.tsx'));

/** What a person is asked about files with registrations. */
export function ExchangeDialogs() {
  const isExporting = useStore((store) => store.exporting !== null);
  const isImporting = useStore((store) => store.importing !== null);
  return (
    <Suspense>
      {isExporting && <ExportDialog />}
      {isImporting && <ImportDialog />}
    </Suspense>
  );
}
