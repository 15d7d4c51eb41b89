import { Section } from './section.tsx';

const meanings: Readonly<Record<string, string>> = {
  P: 'preserve argv[0]: the program sees the name it was called by',
  O: 'open binary: QEMU gets the opened file, so programs that may not be read run too',
  C: 'credentials: set-uid programs keep their rights while emulated, which is a risk',
  F: 'opened now: works in containers and chroots, and after its file is gone',
};

/** The flags of an entry, each with what it means in practice. */
export function FlagList({ flags }: { readonly flags: string }) {
  return (
    <Section title="Flags">
      {flags === '' ? (
        <p className="muted">
          none: works only where the interpreter’s path leads to it, so not in containers
        </p>
      ) : (
        <ul className="flag-list">
          {[...flags].map((flag) => (
            <li key={flag}>
              <span className="flag">{flag}</span>
              {meanings[flag] ?? 'a flag of a newer kernel that this program does not know'}
            </li>
          ))}
        </ul>
      )}
    </Section>
  );
}
