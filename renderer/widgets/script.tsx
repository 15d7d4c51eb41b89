import './script.css';

/** The operations of a plan in plain words, and the script that root executes for them. */
export function Script({
  operations,
  script,
}: {
  readonly operations: readonly string[];
  readonly script: string;
}) {
  return (
    <div className="script">
      <ol>
        {operations.map((operation) => (
          <li key={operation}>{operation}</li>
        ))}
      </ol>
      <p className="muted">As root, by /bin/bash:</p>
      {/* Scrollable, so it must be reachable from the keyboard. */}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: see above. */}
      <pre tabIndex={0}>{script}</pre>
    </div>
  );
}
