import {
  BadgeCheck,
  ClipboardCopy,
  Download,
  FileOutput,
  PackageOpen,
  Plus,
  Power,
  PowerOff,
  SlidersHorizontal,
  Trash2,
} from 'lucide-react';
import type { ReactNode } from 'react';
import type { Row } from '../../electron/ipc/contract.ts';
import { changeRowAtBoot, droppableName, keepableName } from '../actions/boot.ts';
import { change, controlOf } from '../actions/changes.ts';
import { copyText } from '../actions/copy-text.ts';
import { exportRow } from '../actions/exchange.ts';
import { openArchive, openInstall } from '../actions/getting.ts';
import { askAboutName, openRegisterOptions } from '../actions/register-options.ts';
import { unregister } from '../actions/removal.ts';
import { verify } from '../actions/verify.ts';
import { canChange } from '../selectors.ts';
import type { Store, TableName } from '../store.ts';

/** Something that can be done with one row. */
export interface RowAction {
  readonly label: string;
  readonly icon: ReactNode;
  /** Whether the row's menu has it at all. */
  readonly isFor: (row: Row) => boolean;
  readonly isPossible: (row: Row, store: Store) => boolean;
  readonly act: (row: Row, table: TableName) => void;
}

const isTarget = (row: Row): boolean => row.isTarget;
const isNotInstalled = (row: Row): boolean => row.state === 'Not installed';

/** In the order of the row's menu. */
export const rowActions: readonly RowAction[] = [
  {
    label: 'Install QEMU…',
    icon: <Download aria-hidden />,
    isFor: isNotInstalled,
    isPossible: () => true,
    act: openInstall,
  },
  {
    label: 'Interpreters from a file…',
    icon: <PackageOpen aria-hidden />,
    isFor: isNotInstalled,
    isPossible: () => true,
    act: openArchive,
  },
  {
    label: 'Register',
    icon: <Plus aria-hidden />,
    isFor: isTarget,
    isPossible: (row, store) => canChange(store) && row.state === 'Not registered',
    act: (row, table) => {
      if (askAboutName(row)) return;
      void change({ kind: 'register', targets: [row.name] }, controlOf(table, row.name));
    },
  },
  {
    label: 'Unregister',
    icon: <Trash2 aria-hidden />,
    isFor: () => true,
    isPossible: (row, store) => canChange(store) && row.entryNames.length > 0,
    act: (row, table) => unregister(row.entryNames, controlOf(table, row.name)),
  },
  {
    label: 'Register with options…',
    icon: <SlidersHorizontal aria-hidden />,
    isFor: isTarget,
    isPossible: (_row, store) => canChange(store),
    act: (row) => void openRegisterOptions([row.name]),
  },
  {
    label: 'Keep at boot',
    icon: <Power aria-hidden />,
    isFor: () => true,
    isPossible: (row, { elevation, snapshot }) =>
      elevation.kind !== 'unavailable' && keepableName(row, snapshot) !== null,
    act: (row, table) => changeRowAtBoot('keep-at-boot', table, row),
  },
  {
    label: 'Not at boot',
    icon: <PowerOff aria-hidden />,
    isFor: () => true,
    isPossible: (row, { elevation }) => elevation.kind !== 'unavailable' && droppableName(row) !== null,
    act: (row, table) => changeRowAtBoot('not-at-boot', table, row),
  },
  {
    label: 'Verify',
    icon: <BadgeCheck aria-hidden />,
    isFor: isTarget,
    isPossible: (row, { verifying }) => !verifying.has(row.name),
    act: (row) => void verify([row.name]),
  },
  {
    label: 'Export…',
    icon: <FileOutput aria-hidden />,
    isFor: () => true,
    isPossible: () => true,
    act: (row, table) => exportRow(table, row),
  },
  {
    label: 'Copy register line',
    icon: <ClipboardCopy aria-hidden />,
    isFor: () => true,
    isPossible: (row) => row.registerLine !== null,
    act: ({ name, registerLine }) =>
      registerLine !== null && void copyText(registerLine, `the register line of ${name}`),
  },
];
