import type { FormatCheck, FormatFields } from '../../electron/ipc/contract.ts';
import {
  type AddingFormat,
  beginWith,
  type ChosenSample,
  emptyFields,
  extensionOf,
  fieldsFrom,
} from '../add-format/format-form.ts';
import { oneAtATime } from '../one-at-a-time.ts';
import { type TableName, useStore } from '../store.ts';
import { change, TOOLBAR } from './changes.ts';
import { focusTable, select } from './selection.ts';

const { getState: get, setState: set, subscribe } = useStore;

export function openAddFormat(): void {
  set({
    addingFormat: {
      fields: emptyFields,
      touched: new Set(),
      sample: null,
      sampleProblem: null,
      check: null,
      whatWillRun: null,
      failure: null,
    },
  });
  void look();
}

export const closeAddFormat = (): void => set({ addingFormat: null });

export function changeFields(part: Partial<FormatFields>): void {
  update(({ fields, touched }) => ({
    fields: { ...fields, ...part },
    touched: new Set([...touched, ...(Object.keys(part) as (keyof FormatFields)[])]),
    failure: null,
  }));
}

export async function chooseFormatInterpreter(): Promise<void> {
  const interpreter = await window.binfmt.chooseInterpreter();
  if (interpreter !== null) changeFields({ interpreter });
}

/** Takes the first bytes of a file that a person chooses, or what its name ends in. */
export async function chooseSample(): Promise<void> {
  const sample = await window.binfmt.chooseSample();
  const { addingFormat } = get();
  if (sample === null || addingFormat === null) return;
  if (!sample.ok) {
    set({ addingFormat: { ...addingFormat, sample: null, sampleProblem: sample.problem } });
  } else if (addingFormat.fields.type === 'extension') {
    changeFields({ extension: extensionOf(sample.value.path) });
  } else takeBytes(beginWith(sample.value));
}

/** Makes these bytes of the sample the magic. */
export function takeBytes(sample: ChosenSample): void {
  update(() => ({ sample, sampleProblem: null }));
  changeFields(fieldsFrom(sample));
}

/** Registers the format; the dialog stays when that fails, and says why. */
export async function addFormat(): Promise<void> {
  const shown = get().addingFormat;
  await look();
  const { addingFormat, pending } = get();
  if (shown === null || addingFormat === null || pending.has(TOOLBAR)) return;
  const request = requestOf(addingFormat.check);
  if (request === null) {
    const fields = Object.keys(addingFormat.fields) as (keyof FormatFields)[];
    set({ addingFormat: { ...addingFormat, touched: new Set(fields) } });
    return;
  }
  // Nobody has agreed to replace what has just been registered.
  if (isTaken(shown.check) !== isTaken(addingFormat.check)) return;
  await change(request, TOOLBAR);
  const { result, addingFormat: present } = get();
  if (result?.kind === 'done') {
    closeAddFormat();
    selectEntry(request.registration.name);
  } else if (present !== null) set({ addingFormat: { ...present, failure: result } });
}

/** Whether something of that name is registered, in whose place it would come. */
export const isTaken = (check: FormatCheck | null): boolean => (check?.taken ?? null) !== null;

function requestOf(check: FormatCheck | null) {
  if (check === null || check.registration === null) return null;
  return {
    kind: 'add-format',
    registration: check.registration,
    ...(isTaken(check) && { existing: 'replace' as const }),
  } as const;
}

/** Selects the row of an entry, and puts the focus there. */
function selectEntry(name: string): void {
  const { snapshot } = get();
  for (const table of ['targets', 'formats'] as const satisfies readonly TableName[]) {
    const row = snapshot[table].find(({ entryNames }) => entryNames.includes(name));
    if (row === undefined) continue;
    select({ table, names: new Set([row.name]) });
    // When the dialog is gone: it gives the focus back to where it came from.
    setTimeout(() => focusTable(table));
    return;
  }
}

function update(part: (adding: AddingFormat) => Partial<AddingFormat>): void {
  const { addingFormat } = get();
  if (addingFormat === null) return;
  set({ addingFormat: { ...addingFormat, ...part(addingFormat) } });
  void look();
}

/** Brings what is said of the fields up to date with what was typed. */
const look = oneAtATime(async () => {
  const asked = get().addingFormat;
  if (asked === null) return;
  const check = await window.binfmt.checkFormat(asked.fields);
  const request = requestOf(check);
  const whatWillRun = request === null ? null : await window.binfmt.preview(request);
  const { addingFormat } = get();
  if (addingFormat?.fields === asked.fields) set({ addingFormat: { ...addingFormat, check, whatWillRun } });
});

// What anybody registers meanwhile may take its name.
subscribe(({ snapshot, addingFormat }, before) => {
  if (addingFormat !== null && snapshot !== before.snapshot) void look();
});
