import { Button } from 'react-aria-components';
import { useShallow } from 'zustand/react/shallow';
import { type Finding, findingsOfRow, type Row, type Severity, textOf } from '../../electron/ipc/contract.ts';
import { act } from '../actions/act.ts';
import { TOOLBAR } from '../actions/changes.ts';
import { canChange } from '../selectors.ts';
import { useStore } from '../store.ts';
import { SeverityIcon } from '../widgets/severity-icon.tsx';
import { Section } from './section.tsx';

/** What a person should know of a row, the gravest first, each with what can be done about it. */
export function Findings({ row }: { readonly row: Row }) {
  const findings = useStore(useShallow((store) => findingsOfRow(store.snapshot.findings, row)));
  if (findings.length === 0) return null;
  const order: readonly Severity[] = ['error', 'warning', 'info'];
  const sorted = [...findings].sort(
    (one, other) => order.indexOf(one.severity) - order.indexOf(other.severity),
  );
  return (
    <Section title="Diagnosis">
      <ul className="findings">
        {sorted.map((finding) => (
          <FindingItem
            key={JSON.stringify([finding.id, finding.subject, finding.sentence])}
            row={row}
            finding={finding}
          />
        ))}
      </ul>
    </Section>
  );
}

function FindingItem({ row, finding }: { readonly row: Row; readonly finding: Finding }) {
  const isBusy = useStore((store) => store.pending.has(TOOLBAR));
  const isPossible = useStore(canChange);
  const { action, subject } = finding;
  // Of several entries it is to be known which one is meant.
  const entryName = subject.kind === 'entry' && row.entryNames.length > 1 ? subject.name : null;
  return (
    <li className="finding">
      <SeverityIcon severity={finding.severity} />
      <p>
        {entryName !== null && <code>{entryName}</code>}
        {textOf(finding)}
      </p>
      {action !== null && (
        <Button className="button" isDisabled={isBusy || !isPossible} onPress={() => void act(action)}>
          {action.label}
        </Button>
      )}
    </li>
  );
}
