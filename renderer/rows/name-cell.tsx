import { Cell } from 'react-aria-components';
import type { Row } from '../../electron/ipc/contract.ts';

/** A row's header: called by the name alone, and described by the label. */
export function NameCell({ row }: { readonly row: Row }) {
  // react-aria gives a cell no name of its own to set.
  const describe = (cell: HTMLElement | null): void => {
    cell?.setAttribute('aria-label', row.name);
    cell?.setAttribute('aria-description', row.label);
  };
  return (
    <Cell className="cell column-name" textValue={row.name} ref={describe}>
      <span className="row-name">{row.name}</span>
      <span className="row-label">{row.label}</span>
    </Cell>
  );
}
