import { useStore } from '../store.ts';
import { RowsTable } from './rows-table.tsx';

/** What else is registered: jar, python, wine, … Reset all never touches it. */
export function OtherFormats() {
  const rows = useStore((store) => store.snapshot.formats);
  if (rows.length === 0) return null;
  return (
    <>
      <h2 className="rows-heading">Other formats</h2>
      <RowsTable label="Other formats" table="formats" heading="Format" rows={rows} emptyText={null} />
    </>
  );
}
