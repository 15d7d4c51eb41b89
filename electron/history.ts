import { appendFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import * as v from 'valibot';
import type { Plan } from './binfmt/operations.ts';

const name = v.string();
const fields = { name, interpreter: v.string(), flags: v.string() };
const registration = v.variant('kind', [
  v.strictObject({
    kind: v.literal('magic'),
    ...fields,
    offset: v.number(),
    magic: v.string(),
    mask: v.nullable(v.string()),
  }),
  v.strictObject({ kind: v.literal('extension'), ...fields, extension: v.string() }),
]);
const operation = v.variant('kind', [
  v.strictObject({ kind: v.literal('register'), registration }),
  v.strictObject({ kind: v.literal('unregister'), name }),
  v.strictObject({ kind: v.literal('enable'), name }),
  v.strictObject({ kind: v.literal('disable'), name }),
  v.strictObject({ kind: v.literal('switch-master'), on: v.boolean() }),
  v.strictObject({ kind: v.literal('mount') }),
]);

const begun = v.object({
  id: v.pipe(v.number(), v.safeInteger(), v.minValue(1)),
  /** ISO 8601. */
  time: v.string(),
  /** The user's name. */
  who: v.string(),
  way: v.picklist(['root', 'prompt', 'unavailable']),
  plan: v.array(operation) satisfies v.GenericSchema<unknown, Plan>,
  script: v.string(),
  /** What was there before. */
  before: v.object({
    masterOn: v.boolean(),
    entries: v.array(v.object({ name, text: v.string() })),
  }),
});
const finished = v.object({
  kind: v.picklist(['done', 'failed', 'dismissed']),
  message: v.string(),
  details: v.array(v.string()),
});
const line = v.union([v.object({ begun }), v.object({ finished, id: v.number() })]);

/** A change as it was sent to root, with what became of it; `finished` is null while nobody knows. */
export type HistoryRecord = v.InferOutput<typeof begun> & {
  readonly finished: v.InferOutput<typeof finished> | null;
};

/** Older records than these are dropped when the program starts. */
const MOST_RECORDS = 200;

/**
 * What was done, in a file of JSON lines: one when a change is sent, one when its result is known, so that
 * also a change whose end the program did not live to see is on record.
 */
export class History {
  private readonly records: Map<number, HistoryRecord>;

  /** `file` null keeps it in memory only; `onProblem` hears of a file that cannot be written. */
  constructor(
    private readonly file: string | null,
    private readonly onProblem: (error: unknown) => void,
  ) {
    if (file !== null) this.endLastLine(file);
    const all = file === null ? [] : readRecords(file);
    this.records = new Map(all.slice(-MOST_RECORDS).map((record) => [record.id, record]));
    if (all.length > MOST_RECORDS) this.write([...this.records.values()].flatMap(linesOf), writeFileSync);
  }

  /** Records that a change is being sent; returns its number. */
  begin(change: Omit<HistoryRecord, 'id' | 'finished'>): number {
    const id = Math.max(0, ...this.records.keys()) + 1;
    const record = { ...change, id, finished: null };
    this.records.set(id, record);
    this.write(linesOf(record), appendFileSync);
    return id;
  }

  /** Records what became of it. */
  finish(id: number, result: NonNullable<HistoryRecord['finished']>): void {
    const record = this.records.get(id);
    if (record === undefined) return;
    this.records.set(id, { ...record, finished: result });
    this.write([{ finished: result, id }], appendFileSync);
  }

  get(id: number): HistoryRecord | undefined {
    return this.records.get(id);
  }

  /** All records, the newest first. */
  list(): readonly HistoryRecord[] {
    return [...this.records.values()].reverse();
  }

  /** A line that a power failure cut off would swallow the one written next. */
  private endLastLine(file: string): void {
    const text = readText(file);
    if (text !== '' && !text.endsWith('\n')) this.put(appendFileSync, '\n');
  }

  private write(lines: readonly object[], put: Put): void {
    this.put(put, lines.map((one) => `${JSON.stringify(one)}\n`).join(''));
  }

  private put(put: Put, text: string): void {
    if (this.file === null) return;
    try {
      mkdirSync(path.dirname(this.file), { recursive: true });
      put(this.file, text, { mode: 0o600 });
    } catch (error) {
      this.onProblem(error);
    }
  }
}

type Put = (file: string, text: string, options: { readonly mode: number }) => void;

const linesOf = ({ finished: result, ...record }: HistoryRecord): object[] => [
  { begun: record },
  ...(result === null ? [] : [{ finished: result, id: record.id }]),
];

function readRecords(file: string): readonly HistoryRecord[] {
  const records = new Map<number, HistoryRecord>();
  for (const text of readText(file).split('\n').filter(Boolean)) {
    const parsed = v.safeParse(line, parseJson(text));
    // A line cut off by a power failure, or somebody's edit: the others still count.
    if (!parsed.success) continue;
    if ('begun' in parsed.output) {
      records.set(parsed.output.begun.id, { ...parsed.output.begun, finished: null });
      continue;
    }
    const record = records.get(parsed.output.id);
    if (record !== undefined) records.set(record.id, { ...record, finished: parsed.output.finished });
  }
  return [...records.values()];
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return ''; // The first start.
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
