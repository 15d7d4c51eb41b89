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
          <FindingItem key={`${finding.id} ${finding.sentence}`} finding={finding} />
        ))}
      </ul>
    </Section>
  );
}

function FindingItem({ finding }: { readonly finding: Finding }) {
  const isBusy = useStore((store) => store.pending.has(TOOLBAR));
  const isPossible = useStore(canChange);
  const { action } = finding;
  return (
    <li className="finding">
      <SeverityIcon severity={finding.severity} />
      <p>{textOf(finding)}</p>
      {action !== null && (
        <Button className="button" isDisabled={isBusy || !isPossible} onPress={() => void act(action)}>
          {action.label}
        </Button>
      )}
    </li>
  );
}
