import './register-options.css';
import { existingOf, treatExisting } from '../actions/register-options.ts';
import type { RegisteringWithOptions } from '../store.ts';
import { Segments } from '../widgets/segments.tsx';
import { RegisterLine } from './register-lines.tsx';

/** What becomes of those of several that are registered already; nothing where none is. */
export function ExistingChoice({ registering }: { readonly registering: RegisteringWithOptions }) {
  const { targets, preview } = registering;
  const existing = existingOf(registering);
  const taken = preview.targets.filter((one) => one.taken !== null);
  if (targets.length === 1 || taken.length === 0) return null;
  return (
    <section className="form-section">
      <Segments
        label={`${taken.length} of the ${targets.length} ${taken.length === 1 ? 'is' : 'are'} registered already`}
        choices={[
          { value: 'keep', label: `Keep what is registered (${taken.length})` },
          { value: 'replace', label: 'Replace' },
        ]}
        chosen={existing}
        onChoose={treatExisting}
      />
      {existing === 'replace' && (
        <p className="muted">
          What is disabled stays so. What the kernel refuses leaves the present entry as it is.
        </p>
      )}
    </section>
  );
}

/** What one target is registered with; nothing where it is not. */
export function PresentOfOne({ registering }: { readonly registering: RegisteringWithOptions }) {
  const [only, ...others] = registering.preview.targets;
  if (only === undefined || only.taken === null || others.length > 0) return null;
  const { name, line, stays } = only.taken;
  return <Present line={line} entry={name} stays={stays} isSame={line !== null && line === only.line} />;
}

/** Says who has the name of the one target, where that does not serve it; nothing where it is free. */
export function NameOfOne({ registering }: { readonly registering: RegisteringWithOptions }) {
  const [only, ...others] = registering.preview.targets;
  const note = others.length === 0 ? (only?.taken?.note ?? null) : null;
  return note !== null && <p className="notice notice-warning">{note}</p>;
}

/** What is registered now, and in whose place another comes. */
export function Present({
  line,
  entry,
  stays = false,
  isSame = false,
}: {
  readonly line: string | null;
  readonly entry: string;
  /** Whether it stays all the same. */
  readonly stays?: boolean;
  /** Whether the line that comes is the same. */
  readonly isSame?: boolean;
}) {
  return (
    <section className="form-section" aria-label="Registered now">
      <h3 className="field-label">Registered now</h3>
      {line !== null && (
        <pre className="options-line options-line-present">
          <RegisterLine line={line} />
        </pre>
      )}
      <p className="muted">
        {isSame &&
          'It is the same line: with flag F, Replace has the kernel open the interpreter anew, as it must after an update of QEMU. '}
        {stays
          ? `${entry} takes other programs besides, so it stays; the new entry is tried before it.`
          : `Replace puts the new line in place of ${entry}. If the kernel refuses it, ${entry} stays as it is.`}
      </p>
    </section>
  );
}
