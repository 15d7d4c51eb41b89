/** What the tools say, as it comes; folded away or not. */
export function ToolOutput({
  lines,
  isOpen,
}: {
  readonly lines: readonly string[];
  readonly isOpen: boolean;
}) {
  return (
    <details className="disclosure" open={isOpen}>
      <summary>Output</summary>
      {/* Scrollable, so it must be reachable from the keyboard. Its style keeps it at its end while that is in sight. */}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: see above. */}
      <div className="tool-output" role="log" aria-live="off" aria-label="Output" tabIndex={0}>
        <pre>{lines.join('\n')}</pre>
      </div>
    </details>
  );
}
