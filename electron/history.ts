import { appendFileSync, existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import * as v from 'valibot';
import { BINFMT_D, FORMAT_DATABASE } from './binfmt/boot/boot-configuration.ts';
import type { Plan } from './binfmt/operations.ts';
import type { Outcome } from './elevation/report.ts';
import { withLock } from './file-lock.ts';
import { makeDirectory } from './make-directory.ts';
import { registrationSchema } from './registration-schema.ts';

const name = v.string();
const bootFileContent = v.variant('kind', [
  v.strictObject({ kind: v.literal('absent') }),
  v.strictObject({ kind: v.literal('masked') }),
  v.strictObject({ kind: v.literal('link'), target: v.string() }),
  v.strictObject({ kind: v.literal('text'), text: v.string() }),
]);
const placing = {
  id: v.string(),
  files: v.pipe(
    v.array(
      // Records of earlier versions tell no time.
      v.strictObject({ name, sha256: v.string(), size: v.number(), mtime: v.optional(v.number(), 0) }),
    ),
    v.readonly(),
  ),
};
const operation = v.variant('kind', [
  v.strictObject({ kind: v.literal('register'), registration: registrationSchema }),
  v.strictObject({ kind: v.literal('replace'), name, registration: registrationSchema }),
  v.strictObject({ kind: v.literal('unregister'), name }),
  v.strictObject({ kind: v.literal('enable'), name }),
  v.strictObject({ kind: v.literal('disable'), name }),
  v.strictObject({ kind: v.literal('switch-master'), on: v.boolean() }),
  v.strictObject({ kind: v.literal('mount') }),
  v.strictObject({
    kind: v.literal('set-boot-file'),
    directory: v.picklist([BINFMT_D, FORMAT_DATABASE]),
    file: v.string(),
    before: bootFileContent,
    after: bootFileContent,
  }),
  v.strictObject({ kind: v.literal('place-interpreters'), from: v.string(), ...placing }),
  v.strictObject({ kind: v.literal('unplace-interpreters'), ...placing }),
]);

const begun = v.object({
  id: v.pipe(v.number(), v.safeInteger(), v.minValue(1)),
  /** ISO 8601. */
  time: v.string(),
  /** The user's name. */
  who: v.string(),
  way: v.picklist(['root', 'prompt', 'sudo', 'unavailable']),
  plan: v.array(operation) satisfies v.GenericSchema<unknown, Plan>,
  /** What was installed from the distribution, which is no operation: it is not this program's to take back. */
  installation: v.optional(
    v.object({
      manager: v.picklist(['apt', 'dnf', 'pacman', 'zypper', 'apk']),
      packages: v.array(v.string()),
    }),
  ),
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
  /** What became of each operation; older records do not tell. */
  outcomes: v.optional(
    v.array(
      v.picklist(['done', 'done-by-other', 'failed', 'interrupted', 'not-reached']) satisfies v.GenericSchema<
        unknown,
        Outcome['status']
      >,
    ),
  ),
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
 * also a change whose end the program did not live to see is on record. The window and the terminal write the
 * same file, each in its turn, and see what the other wrote.
 */
export class History {
  private records: ReadonlyMap<number, HistoryRecord> = new Map();
  /** What the file looked like when these were its records. */
  private seen = '';

  /** `file` null keeps it in memory only; `onProblem` hears of a file that cannot be written. */
  constructor(
    private readonly file: string | null,
    private readonly onProblem: (error: unknown) => void,
  ) {
    if (file === null || !existsSync(file)) return;
    this.inTurn(() => {
      this.endLastLine();
      const all = this.readAnew();
      if (all > MOST_RECORDS) this.write([...this.records.values()].flatMap(linesOf), writeFileSync);
    });
  }

  /** Records that a change is being sent; returns its number. */
  begin(change: Omit<HistoryRecord, 'id' | 'finished'>): number {
    return this.inTurn(() => {
      this.look();
      const id = Math.max(0, ...this.records.keys()) + 1;
      const record = { ...change, id, finished: null };
      this.records = new Map([...this.records, [id, record]]);
      this.write(linesOf(record), appendFileSync);
      return id;
    });
  }

  /** Records what became of it. */
  finish(id: number, result: NonNullable<HistoryRecord['finished']>): void {
    this.inTurn(() => {
      this.look();
      const record = this.records.get(id);
      if (record === undefined) return;
      this.records = new Map([...this.records, [id, { ...record, finished: result }]]);
      this.write([{ finished: result, id }], appendFileSync);
    });
  }

  get(id: number): HistoryRecord | undefined {
    this.look();
    return this.records.get(id);
  }

  /** All records, the newest first. */
  list(): readonly HistoryRecord[] {
    this.look();
    return [...this.records.values()].reverse();
  }

  /** While no other program writes. */
  private inTurn<Value>(work: () => Value): Value {
    return this.file === null ? work() : withLock(`${this.file}.lock`, work);
  }

  /** Reads what another program has written since. */
  private look(): void {
    if (this.file !== null && this.seen !== looksOf(this.file)) this.readAnew();
  }

  /** Returns how many records the file has. */
  private readAnew(): number {
    if (this.file === null) return 0;
    this.seen = looksOf(this.file);
    const all = readRecords(this.file);
    this.records = new Map(all.slice(-MOST_RECORDS).map((record) => [record.id, record]));
    return all.length;
  }

  /** A line that a power failure cut off would swallow the one written next. */
  private endLastLine(): void {
    const text = this.file === null ? '' : readText(this.file);
    if (text !== '' && !text.endsWith('\n')) this.put(appendFileSync, '\n');
  }

  private write(lines: readonly object[], put: Put): void {
    this.put(put, lines.map((one) => `${JSON.stringify(one)}\n`).join(''));
  }

  private put(put: Put, text: string): void {
    if (this.file === null) return;
    try {
      makeDirectory(path.dirname(this.file));
      put(this.file, text, { mode: 0o600 });
    } catch (error) {
      this.onProblem(error);
    }
    // Also what could not be written is remembered for as long as the program runs.
    this.seen = looksOf(this.file);
  }
}

type Put = (file: string, text: string, options: { readonly mode: number }) => void;

/** The same as long as nobody writes. */
function looksOf(file: string): string {
  try {
    const { ino, size, mtimeMs } = statSync(file);
    return `${ino} ${size} ${mtimeMs}`;
  } catch {
    return ''; // Nothing was ever written.
  }
}

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
