import type {
  ExportContents,
  ExportFormat,
  ExportResult,
  ExportSubject,
  ExportWish,
  RowSelection,
} from '../../electron/ipc/contract.ts';
import { type OptionsForm, optionsOf } from '../register-options/options-form.ts';

/** What a person has chosen in the dialog; what does not count at the moment keeps what was chosen. */
export interface ExportForm {
  readonly what: 'selected' | 'registered' | 'all-targets';
  readonly how: ExportSubject['kind'];
  readonly format: Exclude<ExportFormat, 'conf-files' | 'conf-file'> | 'conf';
  readonly inOneFile: boolean;
  readonly options: OptionsForm;
  /** The machine they are for, as `uname -m` names it there; nothing for this one. */
  readonly machine: string;
  readonly ownFamily: boolean;
}

/** Registrations that a person is choosing a format for. */
export interface Exporting {
  /** The rows that were selected when it began; null where there were none. */
  readonly selection: RowSelection | null;
  readonly form: ExportForm;
  /** The files that would be written; null until they are known. */
  readonly contents: ExportContents | null;
  /** The files that are there already, while a person is asked about them. */
  readonly asks: Extract<ExportResult, { kind: 'asks' }> | null;
  /** Why the last try did not work. */
  readonly failure: Extract<ExportResult, { kind: 'failed' }> | null;
  readonly isWriting: boolean;
}

/** How the registrations are made: all targets include some that have none. */
export const howOf = ({ what, how }: ExportForm): ExportForm['how'] =>
  what === 'all-targets' ? 'with-options' : how;

export const wishOf = (exporting: Exporting): ExportWish => ({
  subject: subjectOf(exporting),
  format: formatOf(exporting.form),
});

/** How interpreters can be named: one file is an emulator of one CPU. */
export const waysFor = ({ form: { what }, selection }: Exporting): readonly OptionsForm['interpreter'][] =>
  what === 'selected' && selection?.names.length === 1
    ? ['found', 'directory', 'file']
    : ['found', 'directory'];

/** The way that counts, of those there are. */
export const wayOf = (exporting: Exporting): OptionsForm['interpreter'] => {
  const { interpreter } = exporting.form.options;
  return waysFor(exporting).includes(interpreter) ? interpreter : 'directory';
};

function subjectOf(exporting: Exporting): ExportSubject {
  const { form, selection } = exporting;
  const { what, options, machine, ownFamily } = form;
  const rows = what === 'selected' && selection !== null ? selection : 'registered';
  if (howOf(form) === 'as-registered') return { kind: 'as-registered', rows };
  return {
    kind: 'with-options',
    rows: what === 'all-targets' ? what : rows,
    options: optionsOf({ ...options, interpreter: wayOf(exporting) }),
    machine: machine.trim() === '' ? null : machine.trim(),
    ownFamily,
  };
}

function formatOf({ format, inOneFile }: ExportForm): ExportFormat {
  if (format !== 'conf') return format;
  return inOneFile ? 'conf-file' : 'conf-files';
}
