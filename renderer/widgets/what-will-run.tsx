import type { Preview } from '../../electron/ipc/contract.ts';
import { Script } from './script.tsx';

/** What a change would have root execute, folded away; nothing where it would do nothing. */
export function WhatWillRun({ preview }: { readonly preview: Preview | null }) {
  if (preview === null || preview.problem !== null) return null;
  return (
    <details className="disclosure">
      <summary>What will run</summary>
      <Script operations={preview.operations} script={preview.script} />
    </details>
  );
}
