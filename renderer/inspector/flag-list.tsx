import { describeFlag, NO_FLAGS } from '../../electron/ipc/contract.ts';
import { Section } from './section.tsx';

/** The flags of an entry, each with what it means in practice. */
export function FlagList({ flags }: { readonly flags: string }) {
  return (
    <Section title="Flags">
      {flags === '' ? (
        <p className="muted">{NO_FLAGS}</p>
      ) : (
        <ul className="flag-list">
          {[...flags].map((flag) => (
            <li key={flag}>
              <span className="flag">{flag}</span>
              {describeFlag(flag)}
            </li>
          ))}
        </ul>
      )}
    </Section>
  );
}
