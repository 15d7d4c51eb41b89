import type { Row } from '../../electron/ipc/contract.ts';
import { switchRow, type TableName, useStore } from '../store.ts';
import { StateSwitch } from '../widgets/state-switch.tsx';

/** On registers if needed and enables; off disables and keeps the registration. */
export function RowSwitch({
  table,
  row,
  isPending,
}: {
  readonly table: TableName;
  readonly row: Row;
  readonly isPending: boolean;
}) {
  const canChange = useStore(
    ({ elevation, snapshot }) =>
      elevation.kind !== 'unavailable' && (snapshot.binfmtMisc === 'on' || snapshot.binfmtMisc === 'off'),
  );
  return (
    <StateSwitch
      label={row.name}
      isSelected={row.entry !== null && row.entry.kind !== 'unreadable' && row.entry.enabled}
      isDisabled={!canChange || row.state === 'Native' || row.state === 'Not installed'}
      isPending={isPending}
      onChange={(on) => switchRow(table, row, on)}
    />
  );
}
