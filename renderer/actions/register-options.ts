import {
  isNameTaken,
  type RegisterRequest,
  type Row,
  type TargetPreview,
} from '../../electron/ipc/contract.ts';
import { formFor, type OptionsForm, optionsOf, rememberForm } from '../register-options/options-form.ts';
import { rowNamed } from '../selectors.ts';
import { type RegisteringWithOptions, useStore } from '../store.ts';
import { change, controlOf, TOOLBAR } from './changes.ts';

const { getState: get, setState: set } = useStore;

/** Asks a person how these targets are to be registered. */
export async function openRegisterOptions(targets: readonly string[]): Promise<void> {
  const { snapshot } = get();
  const rows = targets.map((name) => rowNamed(snapshot, 'targets', name)).filter((row) => row !== undefined);
  const form = formFor(rows);
  const preview = await window.binfmt.previewRegistration({
    kind: 'register',
    targets,
    options: optionsOf(form),
    ownFamily: form.ownFamily,
  });
  const nothingYet = { existing: null, whatWillRun: null, failure: null };
  set({ registering: { targets, form, preview, ...nothingYet } });
  await look();
}

/** Asks what to do about an entry that has the target’s name and does not serve it; false where there is none. */
export function askAboutName(row: Row): boolean {
  const isAsking = isNameTaken(row, get().snapshot);
  if (isAsking) void openRegisterOptions([row.name]);
  return isAsking;
}

export function changeOptions(part: Partial<OptionsForm>): void {
  update(({ form }) => ({ form: { ...form, ...part } }));
}

export const treatExisting = (existing: 'keep' | 'replace'): void => update(() => ({ existing }));

export async function chooseInterpreter(): Promise<void> {
  const path = await window.binfmt.chooseInterpreter();
  if (path !== null) changeOptions({ path });
}

/** Registers; the dialog stays when that fails, and says why. */
export async function registerWithOptions(): Promise<void> {
  const shown = get().registering;
  await look();
  const { registering, pending } = get();
  if (shown === null || registering === null || pending.has(TOOLBAR)) return;
  // Nobody has agreed to replace what has just been registered.
  if (existingOf(shown) !== existingOf(registering)) return;
  const request = requestOf(registering);
  if (request === null) return;
  set({ registering: { ...registering, failure: null } });
  await change(request, TOOLBAR, ...request.targets.map((name) => controlOf('targets', name)));
  const { result, registering: present } = get();
  if (result?.kind === 'done') rememberForm(registering.form, registering.targets);
  if (present?.targets !== registering.targets) return;
  set({ registering: result?.kind === 'done' ? null : { ...present, failure: result } });
}

export const closeRegisterOptions = (): void => set({ registering: null });

/** Where all are taken, to keep them would be to do nothing. */
export const existingOf = ({ preview, existing }: RegisteringWithOptions): 'keep' | 'replace' =>
  existing ?? (preview.targets.every(({ taken }) => taken !== null) ? 'replace' : 'keep');

/** The targets that would be registered now: those that can be, without those whose entry is kept. */
export const targetsToRegister = (registering: RegisteringWithOptions): readonly TargetPreview[] =>
  registering.preview.targets.filter(
    ({ problem, taken }) => problem === null && (taken === null || existingOf(registering) === 'replace'),
  );

/** Null when nothing would be registered. */
function requestOf(registering: RegisteringWithOptions): RegisterRequest | null {
  const { form } = registering;
  const targets = targetsToRegister(registering).map(({ target }) => target);
  if (targets.length === 0) return null;
  return {
    kind: 'register',
    targets,
    options: optionsOf(form),
    existing: existingOf(registering),
    ...(form.ownFamily && { ownFamily: true }),
  };
}

function update(change: (registering: RegisteringWithOptions) => Partial<RegisteringWithOptions>): void {
  const { registering } = get();
  if (registering === null) return;
  set({ registering: { ...registering, ...change(registering), failure: null } });
  void look();
}

let looking: Promise<void> | null = null;
let isOutdated = false;

/** Brings what is shown up to date with what was chosen: one question at a time, and of those that wait only the last. */
function look(): Promise<void> {
  isOutdated = true;
  looking ??= lookUntilUpToDate();
  return looking;
}

async function lookUntilUpToDate(): Promise<void> {
  try {
    // Not before `looking` is this promise, also when there is nothing to ask.
    await Promise.resolve();
    while (isOutdated) {
      isOutdated = false;
      await lookOnce();
    }
  } finally {
    looking = null;
  }
}

async function lookOnce(): Promise<void> {
  const { registering } = get();
  if (registering === null) return;
  const { targets, form } = registering;
  const asked: RegisterRequest = {
    kind: 'register',
    targets,
    options: optionsOf(form),
    ownFamily: form.ownFamily,
  };
  const preview = await window.binfmt.previewRegistration(asked);
  const shown = isOutdated ? null : show(targets, { preview });
  if (shown === null) return;
  const request = requestOf(shown);
  const whatWillRun = request === null ? null : await window.binfmt.preview(request);
  if (!isOutdated) show(targets, { whatWillRun });
}

/** What is shown then; null when the dialog is gone, or is about other targets. */
function show(
  targets: readonly string[],
  part: Partial<RegisteringWithOptions>,
): RegisteringWithOptions | null {
  const { registering } = get();
  if (registering?.targets !== targets) return null;
  const shown = { ...registering, ...part };
  set({ registering: shown });
  return shown;
}

// What anybody registers meanwhile changes what would be done.
useStore.subscribe((store, before) => {
  if (store.registering !== null && store.snapshot !== before.snapshot) void look();
});
