import { BadgeCheck, ClipboardCopy, Ellipsis, Plus, Trash2 } from 'lucide-react';
import { useRef } from 'react';
import { Button, Menu, MenuItem, Popover } from 'react-aria-components';
import { verify } from '../actions/verify.ts';
import { canChange, change, controlOf, copyText, setOpenMenu, useStore } from '../store.ts';
import type { RowPart } from './row-cells.tsx';

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
  const isPossible = useStore(canChange);
  const isVerifying = useStore((store) => store.verifying.has(row.name));
  const control = controlOf(table, row.name);
  const { registerLine } = row;
  return (
    <Menu className="menu" aria-label={`Actions for ${row.name}`} autoFocus="first" onClose={onClose}>
      {row.isTarget && (
        <MenuItem
          className="menu-item"
          isDisabled={!isPossible || row.state !== 'Not registered'}
          onAction={() => void change({ kind: 'register', targets: [row.name] }, control)}
        >
          <Plus aria-hidden />
          Register
        </MenuItem>
      )}
      <MenuItem
        className="menu-item"
        isDisabled={!isPossible || row.entryNames.length === 0}
        onAction={() => void change({ kind: 'unregister', names: row.entryNames }, control)}
      >
        <Trash2 aria-hidden />
        Unregister
      </MenuItem>
      {row.isTarget && (
        <MenuItem className="menu-item" isDisabled={isVerifying} onAction={() => void verify([row.name])}>
          <BadgeCheck aria-hidden />
          Verify
        </MenuItem>
      )}
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
