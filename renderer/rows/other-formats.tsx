import { useShallow } from 'zustand/react/shallow';
import { useStore } from '../store.ts';
import { RowsTable } from './rows-table.tsx';

/** What else is registered: jar, python, wine, … Reset all never touches it. */
export function OtherFormats() {
  const names = useStore(useShallow((store) => store.snapshot.formats.map((row) => row.name)));
  if (names.length === 0) return null;
  return (
    <>
      <h2 className="rows-heading">Other formats</h2>
      <RowsTable label="Other formats" table="formats" heading="Format" names={names} emptyText={null} />
    </>
  );
}
