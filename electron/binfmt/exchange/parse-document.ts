import { isUtf8 } from 'node:buffer';
import * as v from 'valibot';
import { formatRegisterLine, problemsOfRegistration, type Registration } from '../register-line.ts';
import { failure, type Result, success } from '../result.ts';
import type { DesiredEntry } from './desired-entry.ts';
import { DOCUMENT_FORMAT, DOCUMENT_VERSION, type DocumentEntry } from './document.ts';
import { documentSchema } from './document-schema.ts';
import type { ImportedRegistrations, ImportProblem } from './import.ts';
import { jsonErrorIndex, placeOf } from './json-syntax.ts';

/** Reads a file that holds a RegistrationsDocument. */
export function parseDocument(bytes: Uint8Array): Result<ImportedRegistrations, ImportProblem> {
  const json = parseJson(bytes);
  if (!json.ok) return json;
  const problem = problemOfOrigin(json.value);
  if (problem !== null) return failure(problem);
  const document = v.safeParse(documentSchema, json.value, { abortEarly: true });
  if (!document.success) return failure(problemOfIssue(document.issues[0]));
  return readEntries(document.output.entries);
}

function parseJson(bytes: Uint8Array): Result<unknown, ImportProblem> {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (!isUtf8(buffer)) return failureAtLine(firstLineNotUtf8(buffer), '', 'This is not text in UTF-8.');
  const text = buffer.toString('utf8').replace(/^\ufeff/, '');
  try {
    return success(JSON.parse(text));
  } catch {
    const index = jsonErrorIndex(text) ?? 0;
    const { line, column } = placeOf(text, index);
    const isEnd = index === text.length;
    return failureAtLine(
      line,
      `, column ${column}`,
      isEnd ? 'The file ends in the middle.' : 'This is not JSON.',
    );
  }
}

function firstLineNotUtf8(buffer: Buffer): number {
  const lines = buffer.toString('latin1').split('\n');
  return lines.findIndex((line) => !isUtf8(Buffer.from(line, 'latin1'))) + 1;
}

const failureAtLine = (line: number, column: string, problem: string): Result<never, ImportProblem> =>
  failure({ sentence: `Line ${line}${column}: ${problem}`, line });

/** Whether another program, or a newer one of ours, wrote it. */
function problemOfOrigin(json: unknown): ImportProblem | null {
  const { format = null, version = null } = isObject(json) ? json : {};
  if (format !== DOCUMENT_FORMAT) {
    return {
      sentence: `format: This is not a list of registrations: it does not say “format”: “${DOCUMENT_FORMAT}”.`,
      path: 'format',
    };
  }
  if (typeof version === 'number' && version > DOCUMENT_VERSION) {
    return {
      sentence:
        `version: The file is of version ${version} of its format, and this program reads version ` +
        `${DOCUMENT_VERSION}: a newer program wrote it.`,
      path: 'version',
    };
  }
  return null;
}

const isObject = (value: unknown): value is { readonly format?: unknown; readonly version?: unknown } =>
  typeof value === 'object' && value !== null;

function problemOfIssue(issue: v.InferIssue<typeof documentSchema>): ImportProblem {
  const path = pathOf(issue.path ?? []);
  return problemAt(path, issue.expected === 'never' ? 'is not known to this program' : whatIsWrong(issue));
}

const whatIsWrong = ({ path, message }: v.InferIssue<typeof documentSchema>): string =>
  path?.at(-1)?.origin === 'key' ? 'is missing' : message;

const problemAt = (path: string, problem: string): ImportProblem => ({
  sentence: `${path} ${problem}.`,
  path,
});

/** `entries[3].magic`. A key can be anything, of any length. */
function pathOf(items: readonly { readonly key?: unknown }[]): string {
  const steps = items.map(({ key }) => {
    if (typeof key === 'number') return `[${key}]`;
    const text = String(key);
    return /^[\w$]{1,40}$/.test(text) ? `.${text}` : `[${JSON.stringify(text.slice(0, 40))}]`;
  });
  return steps.join('').replace(/^\./, '');
}

function readEntries(all: readonly DocumentEntry[]): Result<ImportedRegistrations, ImportProblem> {
  const places = new Map<string, number>();
  const entries: DesiredEntry[] = [];
  const notes: string[] = [];
  for (const [index, entry] of all.entries()) {
    const path = `entries[${index}]`;
    const earlier = places.get(entry.name);
    if (earlier !== undefined) {
      return failure(problemAt(`${path}.name`, `is the name of entries[${earlier}], too`));
    }
    places.set(entry.name, index);
    if (entry.type === 'other') {
      notes.push(`${entry.name} is left as it is: only the kernel knows how it was made.`);
      continue;
    }
    const registration = registrationOf(entry);
    const problem = problemOf(registration, path);
    if (problem !== null) return failure(problem);
    entries.push({ registration, enabled: entry.enabled });
  }
  return success({ source: 'json', entries, notes });
}

function registrationOf(entry: Exclude<DocumentEntry, { type: 'other' }>): Registration {
  const { name, interpreter, flags } = entry;
  if (entry.type === 'extension') {
    return { kind: 'extension', name, interpreter, flags, extension: entry.extension };
  }
  const { offset } = entry;
  const magic = entry.magic.toLowerCase();
  return { kind: 'magic', name, interpreter, flags, offset, magic, mask: entry.mask?.toLowerCase() ?? null };
}

/** Why the kernel would refuse it, with the field that is to blame. */
function problemOf(registration: Registration, path: string): ImportProblem | null {
  const [problem] = problemsOfRegistration(registration);
  if (problem !== undefined) {
    return { sentence: `${path}.${problem.field}: ${problem.sentence}`, path: `${path}.${problem.field}` };
  }
  const line = formatRegisterLine(registration);
  return line.ok ? null : { sentence: `${path}: ${line.problem}`, path };
}
