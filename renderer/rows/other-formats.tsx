import { Button } from 'react-aria-components';
import { useShallow } from 'zustand/react/shallow';
import { openAddFormat } from '../actions/add-format.ts';
import { SelectAll } from '../selection/select-all.tsx';
import { useStore } from '../store.ts';
import { shownRows } from '../view.ts';
import { RowsTable } from './rows-table.tsx';

const NONE_REGISTERED =
  'None is registered. A format lets the kernel start other files, too: Java archives, Windows programs…';

/** What else is registered: jar, python, wine, … Reset all never touches it. */
export function OtherFormats() {
  const names = useStore(useShallow((store) => shownRows(store, 'formats').map((row) => row.name)));
  const isNoneRegistered = useStore((store) => store.snapshot.formats.length === 0);
  return (
    <>
      <div className="rows-heading">
        <h2>Other formats</h2>
        {names.length > 1 && <SelectAll table="formats" />}
        <Button className="button button-link" onPress={openAddFormat}>
          Add a format…
        </Button>
      </div>
      {names.length === 0 ? (
        <p className="muted">{isNoneRegistered ? NONE_REGISTERED : 'None of them has a problem.'}</p>
      ) : (
        <RowsTable label="Other formats" table="formats" heading="Format" names={names} emptyText={null} />
      )}
    </>
  );
}
