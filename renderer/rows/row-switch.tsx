import { controlOf, switchRow } from '../actions/changes.ts';
import { askAboutName } from '../actions/register-options.ts';
import { canChange } from '../selectors.ts';
import { useStore } from '../store.ts';
import { StateSwitch } from '../widgets/state-switch.tsx';
import { useIsWaiting } from '../widgets/waiting.tsx';
import type { RowPart } from './columns.tsx';

/** On registers if needed and enables; off disables and keeps the registration. */
export function RowSwitch({ table, row }: RowPart) {
  const isPending = useStore((store) => store.pending.has(controlOf(table, row.name)));
  const isWaiting = useIsWaiting(controlOf(table, row.name));
  const isPossible = useStore(canChange) && row.state !== 'Native' && row.state !== 'Not installed';
  return (
    <StateSwitch
      label={row.name}
      isSelected={row.entry !== null && row.entry.kind !== 'unreadable' && row.entry.enabled}
      isDisabled={!isPossible}
      isPending={isPending}
      isWaiting={isWaiting}
      onChange={(on) => {
        if (!on || !askAboutName(row)) switchRow(table, row, on);
      }}
    />
  );
}
