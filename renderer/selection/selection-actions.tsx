import {
  BadgeCheck,
  CirclePause,
  CirclePlay,
  FileOutput,
  Package,
  Plus,
  Power,
  PowerOff,
  SlidersHorizontal,
  Trash2,
} from 'lucide-react';
import type { ReactNode } from 'react';
import { type Row, registrableTargets, type Snapshot } from '../../electron/ipc/contract.ts';
import { changeAtBoot, droppableName, keepableName } from '../actions/boot.ts';
import { change, controlOf, TOOLBAR } from '../actions/changes.ts';
import { exportSelection } from '../actions/exchange.ts';
import { openImages } from '../actions/images.ts';
import { openRegisterOptions } from '../actions/register-options.ts';
import { unregister } from '../actions/removal.ts';
import { shouldRun, verify } from '../actions/verify.ts';
import { canChange } from '../selectors.ts';
import type { Store, TableName } from '../store.ts';

/** Something that can be done with several rows, as one request. */
export interface SelectionAction {
  readonly label: string;
  readonly icon: ReactNode;
  readonly tables: readonly TableName[];
  /** How wide the list must be for it to have a button; in a narrower one it is in the menu of the bar. */
  readonly room: Room;
  /** Those of the rows that it would do something to. */
  readonly affects: (rows: readonly Row[], snapshot: Snapshot) => readonly Row[];
  readonly isPossible: (store: Store) => boolean;
  /** Does it to rows that it affects. */
  readonly act: (rows: readonly Row[], context: ActionContext) => Promise<void> | void;
}

export type Room = 'any' | 'medium' | 'wide';

interface ActionContext {
  readonly snapshot: Snapshot;
  /** The controls that are pending meanwhile. */
  readonly controls: readonly string[];
}

/** Of both tables, for entries of any kind. */
const entries = { tables: ['targets', 'formats'], room: 'any', isPossible: canChange } as const;
const atBoot = {
  tables: ['targets', 'formats'],
  room: 'wide',
  isPossible: ({ elevation }: Store) => elevation.kind !== 'unavailable',
} as const;
const targets = { tables: ['targets'], room: 'any', isPossible: canChange } as const;

/** In the order of the bar. */
export const selectionActions: readonly SelectionAction[] = [
  {
    ...targets,
    label: 'Register',
    icon: <Plus aria-hidden />,
    affects: (rows, snapshot) => {
      const registrable = new Set(registrableTargets(snapshot));
      return rows.filter((row) => registrable.has(row));
    },
    act: (rows, { controls }) =>
      change({ kind: 'register', targets: namesOf(rows), existing: 'keep' }, ...controls),
  },
  {
    ...entries,
    label: 'Enable',
    icon: <CirclePlay aria-hidden />,
    affects: (rows) => rows.filter(({ entry }) => entry !== null && 'enabled' in entry && !entry.enabled),
    act: (rows, { controls }) =>
      switchEntries(
        rows.flatMap(({ entry }) => entry?.name ?? []),
        true,
        controls,
      ),
  },
  {
    ...entries,
    label: 'Disable',
    icon: <CirclePause aria-hidden />,
    affects: (rows, snapshot) => rows.filter((row) => enabledEntries(row, snapshot).length > 0),
    act: (rows, { snapshot, controls }) =>
      switchEntries(
        rows.flatMap((row) => enabledEntries(row, snapshot)),
        false,
        controls,
      ),
  },
  {
    ...entries,
    label: 'Unregister',
    icon: <Trash2 aria-hidden />,
    affects: (rows) => rows.filter((row) => row.entryNames.length > 0),
    act: (rows, { controls }) => unregister(unique(rows.flatMap((row) => row.entryNames)), ...controls),
  },
  {
    ...targets,
    label: 'Verify',
    icon: <BadgeCheck aria-hidden />,
    affects: (rows) => rows.filter(shouldRun),
    isPossible: ({ verifying }) => verifying.size === 0,
    act: (rows) => verify(namesOf(rows)),
  },
  {
    ...targets,
    label: 'Register with options…',
    icon: <SlidersHorizontal aria-hidden />,
    room: 'medium',
    affects: (rows) => rows.filter((row) => row.isTarget),
    act: (rows) => openRegisterOptions(namesOf(rows)),
  },
  {
    ...targets,
    label: 'Images…',
    icon: <Package aria-hidden />,
    room: 'wide',
    affects: (rows) => rows.filter((row) => row.isTarget && row.installed?.linkage === 'static'),
    isPossible: () => true,
    act: (rows) => openImages(namesOf(rows)),
  },
  {
    ...atBoot,
    label: 'Keep at boot',
    icon: <Power aria-hidden />,
    affects: (rows, snapshot) => rows.filter((row) => keepableName(row, snapshot) !== null),
    act: (rows, { snapshot, controls }) => {
      const names = unique(rows.flatMap((row) => keepableName(row, snapshot) ?? []));
      return changeAtBoot({ kind: 'keep-at-boot', names, agreed: [] }, ...controls);
    },
  },
  {
    ...atBoot,
    label: 'Not at boot',
    icon: <PowerOff aria-hidden />,
    affects: (rows) => rows.filter((row) => droppableName(row) !== null),
    act: (rows, { controls }) =>
      changeAtBoot(
        { kind: 'not-at-boot', names: unique(rows.flatMap((row) => droppableName(row) ?? [])), agreed: [] },
        ...controls,
      ),
  },
  {
    label: 'Export…',
    icon: <FileOutput aria-hidden />,
    tables: ['targets', 'formats'],
    room: 'wide',
    isPossible: () => true,
    affects: (rows) => rows,
    act: exportSelection,
  },
];

/** The controls that are pending while something is done to rows. */
export const controlsOf = (table: TableName, rows: readonly Row[]): readonly string[] => [
  TOOLBAR,
  ...rows.map((row) => controlOf(table, row.name)),
];

const switchEntries = (names: readonly string[], on: boolean, controls: readonly string[]): Promise<void> =>
  change({ kind: 'switch-entries', names: unique(names), on }, ...controls);

const namesOf = (rows: readonly Row[]): readonly string[] => rows.map((row) => row.name);

/** One entry can serve several targets. */
const unique = (names: readonly string[]): readonly string[] => [...new Set(names)];

const enabledEntries = ({ entryNames }: Row, snapshot: Snapshot): readonly string[] =>
  snapshot.entries
    .filter((entry) => 'enabled' in entry && entry.enabled && entryNames.includes(entry.name))
    .map((entry) => entry.name);
