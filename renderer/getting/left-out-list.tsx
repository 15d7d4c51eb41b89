import type { ListedArchive } from '../../electron/ipc/contract.ts';

/** What is called as an emulator is and cannot be taken, each with why; nothing where there is none. */
export function LeftOutList({ leftOut }: { readonly leftOut: ListedArchive['leftOut'] }) {
  if (leftOut.length === 0) return null;
  return (
    <details className="disclosure">
      <summary>{leftOut.length === 1 ? '1 was left out' : `${leftOut.length} were left out`}</summary>
      {/* Scrollable, so it must be reachable from the keyboard. */}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: see above. */}
      <ul className="left-out" aria-label="Left out" tabIndex={0}>
        {leftOut.map(({ path, reason }) => (
          // An archive may hold two of one path.
          <li key={`${path} ${reason}`}>
            <span className="path">{path}</span> <span className="muted">{reason}</span>
          </li>
        ))}
      </ul>
    </details>
  );
}
