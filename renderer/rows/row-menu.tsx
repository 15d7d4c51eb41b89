import { ClipboardCopy, Ellipsis, Plus, Trash2 } from 'lucide-react';
import { Button, Menu, MenuItem, MenuTrigger, Popover } from 'react-aria-components';
import type { Row } from '../../electron/ipc/contract.ts';
import { change, controlOf, copyText, type TableName, useStore } from '../store.ts';

/** What else can be done with a row. */
export function RowMenu({ table, row }: { readonly table: TableName; readonly row: Row }) {
  return (
    <MenuTrigger>
      <Button className="icon-button" aria-label={`Actions for ${row.name}`}>
        <Ellipsis aria-hidden />
      </Button>
      <Popover className="popover" placement="bottom end">
        <RowMenuItems table={table} row={row} />
      </Popover>
    </MenuTrigger>
  );
}

function RowMenuItems({ table, row }: { readonly table: TableName; readonly row: Row }) {
  const canChange = useStore(
    ({ elevation, snapshot }) =>
      elevation.kind !== 'unavailable' && (snapshot.binfmtMisc === 'on' || snapshot.binfmtMisc === 'off'),
  );
  const control = controlOf(table, row.name);
  const { registerLine } = row;
  return (
    <Menu className="menu" aria-label={`Actions for ${row.name}`}>
      {row.isTarget && (
        <MenuItem
          className="menu-item"
          isDisabled={!canChange || row.state !== 'Not registered'}
          onAction={() => void change({ kind: 'register', targets: [row.name] }, control)}
        >
          <Plus aria-hidden />
          Register
        </MenuItem>
      )}
      <MenuItem
        className="menu-item"
        isDisabled={!canChange || row.entryNames.length === 0}
        onAction={() => void change({ kind: 'unregister', names: row.entryNames }, control)}
      >
        <Trash2 aria-hidden />
        Unregister
      </MenuItem>
      <MenuItem
        className="menu-item"
        isDisabled={registerLine === null}
        onAction={() =>
          registerLine !== null && void copyText(registerLine, `the register line of ${row.name}`)
        }
      >
        <ClipboardCopy aria-hidden />
        Copy register line
      </MenuItem>
    </Menu>
  );
}
