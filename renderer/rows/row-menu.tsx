import { Ellipsis } from 'lucide-react';
import { useRef } from 'react';
import { Button, Menu, MenuItem, Popover } from 'react-aria-components';
import { setOpenMenu, useStore } from '../store.ts';
import type { RowPart } from './columns.tsx';
import { rowActions } from './row-actions.tsx';

/** What else can be done with a row. The menu itself exists only while it is open: there are many rows. */
export function RowMenu({ table, row }: RowPart) {
  const button = useRef<HTMLButtonElement>(null);
  const isOpen = useStore(({ openMenu }) => openMenu?.table === table && openMenu.name === row.name);
  const open = (): void => setOpenMenu({ table, name: row.name });
  const close = (): void => setOpenMenu(null);
  return (
    <>
      <Button
        ref={button}
        className="icon-button"
        aria-label={`Actions for ${row.name}`}
        aria-haspopup="menu"
        aria-expanded={isOpen}
        onPress={open}
      >
        <Ellipsis aria-hidden />
      </Button>
      {isOpen && (
        <Popover
          className="popover"
          placement="bottom end"
          aria-label={`Actions for ${row.name}`}
          triggerRef={button}
          isOpen
          onOpenChange={(stays) => stays || close()}
        >
          <RowMenuItems table={table} row={row} onClose={close} />
        </Popover>
      )}
    </>
  );
}

function RowMenuItems({ table, row, onClose }: RowPart & { readonly onClose: () => void }) {
  const store = useStore();
  return (
    <Menu className="menu" aria-label={`Actions for ${row.name}`} autoFocus="first" onClose={onClose}>
      {rowActions
        .filter(({ isFor }) => isFor(row))
        .map(({ label, icon, isPossible, act }) => (
          <MenuItem
            key={label}
            className="menu-item"
            textValue={label}
            isDisabled={!isPossible(row, store)}
            onAction={() => act(row, table)}
          >
            {icon}
            {label}
          </MenuItem>
        ))}
    </Menu>
  );
}
