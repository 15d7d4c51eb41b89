import { defaultRegisterOptions, type RegisterOptions, type Row } from '../../electron/ipc/contract.ts';
import { isBoolean, isOneOf, isTextOf, recall, remember, type Tests } from '../remembered.ts';

/** What a person has chosen in the dialog; the fields of ways not taken keep what was typed there. */
export interface OptionsForm {
  readonly interpreter: RegisterOptions['interpreter']['kind'];
  readonly directory: string;
  readonly suffix: string;
  readonly path: string;
  readonly persistent: boolean;
  readonly credentials: boolean;
  readonly preserveArgv0: RegisterOptions['preserveArgv0'];
  /** Whether also those are registered that the machine runs itself. */
  readonly ownFamily: boolean;
}

/** What is remembered of a form: its path only for the target it was chosen for. */
interface RememberedForm extends OptionsForm {
  readonly pathIsFor: string | null;
}

const STORAGE_KEY = 'register-options';

/** The form for these rows to begin with: the last choice, as far as it fits. */
export function formFor(rows: readonly Row[]): OptionsForm {
  const [row] = rows;
  const { interpreter, persistent, credentials, preserveArgv0 } = defaultRegisterOptions;
  const remembered = recall(STORAGE_KEY, tests);
  const form: OptionsForm = {
    interpreter: interpreter.kind,
    ...placeOf(row),
    path: interpreterOf(row),
    persistent,
    credentials,
    preserveArgv0,
    ownFamily: false,
    ...remembered,
  };
  const isForIt = rows.length === 1 && remembered.pathIsFor === row?.name;
  if (isForIt) return form;
  return {
    ...form,
    path: interpreterOf(row),
    interpreter: form.interpreter === 'file' ? 'found' : form.interpreter,
  };
}

/** Remembers what was registered with. */
export function rememberForm(form: OptionsForm, targets: readonly string[]): void {
  const [target = null] = targets;
  const remembered: RememberedForm = { ...form, pathIsFor: targets.length === 1 ? target : null };
  remember(STORAGE_KEY, remembered);
}

/** The options that a form stands for. */
export function optionsOf(form: OptionsForm): RegisterOptions {
  const { directory, suffix, path, persistent, credentials, preserveArgv0 } = form;
  const interpreters = {
    found: { kind: 'found' },
    directory: { kind: 'directory', directory, suffix },
    file: { kind: 'file', path },
  } as const;
  return { interpreter: interpreters[form.interpreter], persistent, credentials, preserveArgv0 };
}

const tests: Tests<RememberedForm> = {
  interpreter: isOneOf(['found', 'directory', 'file']),
  directory: isTextOf(4096),
  suffix: isTextOf(255),
  path: isTextOf(4096),
  pathIsFor: isTextOf(4096),
  persistent: isBoolean,
  credentials: isBoolean,
  preserveArgv0: isOneOf([true, false, 'as-needed']),
  ownFamily: isBoolean,
};

/** The directory and suffix of the emulator that is installed; what distributions mostly have where none is. */
function placeOf(row: Row | undefined): Pick<OptionsForm, 'directory' | 'suffix'> {
  const path = row?.installed?.path ?? '';
  const name = `/qemu-${row?.name}`;
  const start = path.lastIndexOf(name);
  if (start <= 0) return { directory: '/usr/bin', suffix: '-static' };
  return { directory: path.slice(0, start), suffix: path.slice(start + name.length) };
}

/** The interpreter it is registered with, or would be. */
const interpreterOf = (row: Row | undefined): string => row?.interpreter?.path ?? '';
