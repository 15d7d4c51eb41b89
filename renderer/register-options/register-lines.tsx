import './register-options.css';
import { CircleAlert, TriangleAlert } from 'lucide-react';
import type { RegistrationPreview, TargetPreview } from '../../electron/ipc/contract.ts';

/** The register lines as they will be, with what is wrong with each. */
export function RegisterLines({
  preview: { targets },
  existing,
}: {
  readonly preview: RegistrationPreview;
  readonly existing: 'keep' | 'replace';
}) {
  const [only, ...others] = targets;
  const title = others.length === 0 ? 'Register line, as it will be' : 'Register lines, as they will be';
  return (
    <section className="form-section" aria-label={title}>
      <h3 className="field-label">{title}</h3>
      {others.length === 0 ? (
        only !== undefined && <TargetLine preview={only} />
      ) : (
        <ManyLines targets={targets} existing={existing} />
      )}
    </section>
  );
}

function ManyLines({
  targets,
  existing,
}: {
  readonly targets: readonly TargetPreview[];
  readonly existing: 'keep' | 'replace';
}) {
  const [first] = targets;
  // What cannot be registered comes first: it is what a person did not expect.
  const isLeftOut = (one: TargetPreview): boolean => one.problem !== null && !isKept(one, existing);
  const common = targets.every(({ problem }) => problem === first?.problem) ? (first?.problem ?? null) : null;
  if (common !== null) return <Problem sentence={common} />;
  return (
    <>
      <p className="muted">{summaryOf(targets, existing)}</p>
      {/* Scrollable, so it must be reachable from the keyboard. */}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: see above. */}
      <ul className="options-lines" tabIndex={0}>
        {[...targets.filter(isLeftOut), ...targets.filter((one) => !isLeftOut(one))].map((one) => (
          <li key={one.target}>
            <span className="row-name">{one.target}</span>
            {isKept(one, existing) ? (
              <p className="muted">stays as it is, as {one.taken?.name}</p>
            ) : (
              <TargetLine preview={one} />
            )}
          </li>
        ))}
      </ul>
    </>
  );
}

/** A register line as it will be, with what is wrong with it. */
export function TargetLine({
  preview: { line, problem, warnings },
}: {
  readonly preview: Pick<TargetPreview, 'line' | 'problem' | 'warnings'>;
}) {
  return (
    <>
      {line !== null && (
        <pre className="options-line">
          <RegisterLine line={line} />
        </pre>
      )}
      {problem !== null && <Problem sentence={problem} />}
      {warnings.map((warning) => (
        <p key={warning} className="options-warning">
          <TriangleAlert role="img" aria-label="Warning" className="state-warning" />
          {warning}
        </p>
      ))}
    </>
  );
}

const Problem = ({ sentence }: { readonly sentence: string }) => (
  <p className="options-warning">
    <CircleAlert role="img" aria-label="Problem" className="state-bad" />
    {sentence}
  </p>
);

/** A register line, what is chosen standing out from magic and mask. */
export function RegisterLine({ line }: { readonly line: string }) {
  const separator = line.charAt(0);
  const [before, name, type, offset, magic, mask, interpreter, flags, ...more] = line.split(separator);
  if (flags === undefined || more.length > 0) return line;
  const start = [before, name, type, offset, ''].join(separator);
  const end = ['', interpreter, flags].join(separator);
  return (
    <>
      {start}
      <span className="options-magic">{[magic, mask].join(separator)}</span>
      {end}
    </>
  );
}

/** `28 to register, 3 to replace, 2 kept as they are, 1 left out`. */
function summaryOf(targets: readonly TargetPreview[], existing: 'keep' | 'replace'): string {
  const affected = targets.filter((one) => !isKept(one, existing));
  const possible = affected.filter((one) => one.problem === null);
  const parts = [
    [possible.filter(({ taken }) => taken === null).length, 'to register'],
    [possible.filter(({ taken }) => taken !== null).length, 'to replace'],
    [targets.length - affected.length, 'kept as they are'],
    [affected.length - possible.length, 'left out'],
  ] as const;
  return parts
    .filter(([count]) => count > 0)
    .map(([count, what]) => `${count} ${what}`)
    .join(', ');
}

const isKept = ({ taken }: TargetPreview, existing: 'keep' | 'replace'): boolean =>
  taken !== null && existing === 'keep';
