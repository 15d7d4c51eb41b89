import { type Entry, isEnabled } from '../entry.ts';
import type { Interpreter } from '../interpreters.ts';
import type { BinfmtMiscState, RowState, Snapshot } from '../snapshot.ts';
import { desiredEntryOf, desiredOf } from './desired-entry.ts';
import type { Exported } from './exported.ts';

/** What a file of ours says in `format`. */
export const DOCUMENT_FORMAT = 'qemu-binfmt-manager/registrations';
/** Raised when a program that knows the one before would misread a file. */
export const DOCUMENT_VERSION = 1;
/** Names the published schema, assets/registrations.schema.json; nothing is ever fetched. */
export const DOCUMENT_SCHEMA = 'urn:qemu-binfmt-manager:registrations:1';

/**
 * What is registered, as JSON: written by the window's export and the terminal's `list --json`, read by both
 * imports. Strings are strings of bytes (bytes.ts): a byte that is not UTF-8 is a lone surrogate, `\udcff`.
 * `host`, `binfmtMisc` and `targets` inform; reading a file uses `entries` only.
 */
export interface RegistrationsDocument {
  readonly $schema?: string;
  readonly format: typeof DOCUMENT_FORMAT;
  readonly version: typeof DOCUMENT_VERSION;
  readonly host?: { readonly machine: string; readonly kernelRelease: string };
  readonly binfmtMisc?: BinfmtMiscState;
  /** In match order: the newest first. */
  readonly entries: readonly DocumentEntry[];
  readonly targets?: readonly DocumentTarget[];
}

export type DocumentEntry = MagicDocumentEntry | ExtensionDocumentEntry | OtherDocumentEntry;

interface RegisteredDocumentEntry {
  readonly name: string;
  readonly enabled: boolean;
  readonly interpreter: string;
  readonly flags: string;
}

export interface MagicDocumentEntry extends RegisteredDocumentEntry {
  readonly type: 'magic';
  readonly offset: number;
  /** Hex digits. */
  readonly magic: string;
  /** Hex digits, as long as the magic; null: every bit counts. */
  readonly mask: string | null;
}

export interface ExtensionDocumentEntry extends RegisteredDocumentEntry {
  readonly type: 'extension';
  /** Without the dot. */
  readonly extension: string;
}

/** An entry that nobody can register from what the kernel says of it: it informs only. */
export interface OtherDocumentEntry {
  readonly name: string;
  readonly enabled: boolean;
  readonly type: 'other';
  /** What the kernel says, word for word. */
  readonly text: string;
}

export interface DocumentTarget {
  /** QEMU's. */
  readonly name: string;
  readonly label: string;
  readonly state: RowState;
  /** The names of the entries that serve it, in match order. */
  readonly entries: readonly string[];
  /** The registered one, or the best one on disk. */
  readonly interpreter: Pick<Interpreter, 'path' | 'file' | 'linkage' | 'qemuVersion'> | null;
}

/** What a snapshot says, with the targets or without them. */
export function documentOf(
  { host, binfmtMisc, entries, targets }: Pick<Snapshot, 'host' | 'binfmtMisc' | 'entries' | 'targets'>,
  parts: { readonly targets: boolean },
): RegistrationsDocument {
  const { machine, kernelRelease } = host;
  return {
    $schema: DOCUMENT_SCHEMA,
    format: DOCUMENT_FORMAT,
    version: DOCUMENT_VERSION,
    host: { machine, kernelRelease },
    binfmtMisc,
    entries: entries.map(documentEntryOf),
    ...(parts.targets ? { targets: targets.filter((row) => row.isTarget).map(documentTargetOf) } : {}),
  };
}

/** The text of a document, in UTF-8 when it is written: JSON escapes the bytes that are not. */
export const formatDocument = (document: RegistrationsDocument): string =>
  `${JSON.stringify(document, null, 2)}\n`;

/** A file with everything that is registered. */
export function documentFileOf(
  snapshot: Parameters<typeof documentOf>[0],
  name = 'binfmt-registrations.json',
): Exported {
  const text = formatDocument(documentOf(snapshot, { targets: false }));
  return { files: [{ name, text }], notCarried: desiredOf(snapshot.entries).notCarried };
}

function documentEntryOf(entry: Entry): DocumentEntry {
  const { name } = entry;
  const desired = desiredEntryOf(entry);
  if (typeof desired === 'string')
    return { name, enabled: isEnabled(entry), type: 'other', text: entry.text };
  const { enabled, registration } = desired;
  const { interpreter, flags } = registration;
  if (registration.kind === 'extension') {
    return { name, enabled, type: 'extension', extension: registration.extension, interpreter, flags };
  }
  const { offset, magic, mask } = registration;
  return { name, enabled, type: 'magic', offset, magic, mask, interpreter, flags };
}

const documentTargetOf = ({
  name,
  label,
  state,
  entryNames,
  interpreter,
}: Snapshot['targets'][number]): DocumentTarget => ({
  name,
  label,
  state,
  entries: entryNames,
  interpreter: interpreter && {
    path: interpreter.path,
    file: interpreter.file,
    linkage: interpreter.linkage,
    qemuVersion: interpreter.qemuVersion,
  },
});
