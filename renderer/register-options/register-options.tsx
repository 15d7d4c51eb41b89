import { lazy, Suspense } from 'react';
import { useStore } from '../store.ts';

/** Loaded when it is first asked for: the window opens without it. */
const RegisterOptionsDialog = lazy(() => import('./register-options-dialog.tsx'));

export function RegisterOptions() {
  const isOpen = useStore((store) => store.registering !== null);
  return (
    isOpen && (
      <Suspense>
        <RegisterOptionsDialog />
      </Suspense>
    )
  );
}
