import { useShallow } from 'zustand/react/shallow';
import { useStore } from '../store.ts';

/** Which of the entries that are to go cannot be put back, and why; nothing where all of them can. */
export function Losses({ names }: { readonly names: readonly string[] }) {
  const losses = useStore(
    useShallow(({ snapshot }) => snapshot.losses.filter(({ name }) => names.includes(name))),
  );
  if (losses.length === 0) return null;
  return (
    <div className="notice notice-warning">
      <p>These cannot be put back:</p>
      <ul>
        {losses.map((loss) => (
          <li key={loss.name}>
            <code>{loss.name}</code>: {loss.reason}
          </li>
        ))}
      </ul>
    </div>
  );
}
