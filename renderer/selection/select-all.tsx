import { Button } from 'react-aria-components';
import { selectAll } from '../actions/selection.ts';
import { type TableName, useStore } from '../store.ts';
import { shownRows } from '../view.ts';

/** Selects everything that is shown, by the mouse; the keyboard has Ctrl+A for it, and one stop less on its way. */
export function SelectAll({ table }: { readonly table: TableName }) {
  const isEmpty = useStore((store) => shownRows(store, table).length === 0);
  return (
    <Button
      className="button button-link select-all"
      // Each of two buttons of the same caption has its own name.
      {...(table === 'formats' && { 'aria-label': 'Select all formats' })}
      excludeFromTabOrder
      isDisabled={isEmpty}
      onPress={() => selectAll(table)}
    >
      Select all
    </Button>
  );
}
