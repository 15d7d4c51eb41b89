import { randomBytes } from 'node:crypto';
import { EventEmitter } from 'node:events';
import { type Interpreter, Interpreters, type VersionCache } from './binfmt/interpreters.ts';
import { entryNameOfOperation, type Plan, problemOfPlan } from './binfmt/operations.ts';
import { SnapshotReader } from './binfmt/reader.ts';
import { planOf, type Request } from './binfmt/requests.ts';
import { planRestoration } from './binfmt/restore.ts';
import { failure, type Result, success } from './binfmt/result.ts';
import type { Snapshot } from './binfmt/snapshot.ts';
import { type Change, SystemWatcher } from './binfmt/watch.ts';
import { type ChangeResult, changeResult, refusal } from './change-result.ts';
import { type Elevation, runElevated } from './elevation/elevate.ts';
import { parseReport } from './elevation/report.ts';
import { buildScript, LONGEST_SCRIPT } from './elevation/script.ts';

/** A request, or the wish to take back an earlier change. */
export type ChangeRequest = Request | { readonly kind: 'undo'; readonly change: number };

/** What was there before a change, to be brought back by Undo. */
interface Undoable {
  readonly before: Snapshot;
  readonly names: ReadonlySet<string>;
  readonly switchedMaster: boolean;
}

/** Events in quick succession make one snapshot; a person does not see less than this. */
const SETTLE_MS = 10;

/**
 * Keeps the latest snapshot of the system, says so when there is a new one, and carries out changes one after
 * the other. Emits `snapshot`; knows nothing of windows.
 */
export class BinfmtManager extends EventEmitter<{ snapshot: [Snapshot] }> {
  private readonly interpreters: Interpreters;
  private readonly reader: SnapshotReader;
  private readonly watcher = new SystemWatcher((change) => this.onChange(change));
  private readonly undoables = new Map<number, Undoable>();
  private latest: Promise<Snapshot> | null = null;
  private settling: NodeJS.Timeout | null = null;
  private lastChange: Promise<unknown> = Promise.resolve();
  private changeCount = 0;

  constructor(
    readonly elevation: Elevation,
    versions: VersionCache,
    private readonly log: (message: string) => void,
  ) {
    super();
    this.interpreters = new Interpreters(versions, () => void this.refresh());
    this.reader = new SnapshotReader(this.interpreters);
  }

  /** Follows what anyone changes, until {@link stop}. */
  start(): void {
    this.watcher.start();
  }

  stop(): void {
    this.watcher.stop();
    if (this.settling !== null) clearTimeout(this.settling);
  }

  /** The latest snapshot; the first call reads it. */
  snapshot(): Promise<Snapshot> {
    return this.latest ?? this.refresh();
  }

  /** Reads the system anew, tells everybody and returns what was read. */
  async refresh(): Promise<Snapshot> {
    const reading = this.reader.read();
    this.latest = reading;
    const snapshot = await reading;
    this.watcher.watchInterpreters(interpretersIn(snapshot).map((one) => one.path));
    // A later reading may have overtaken this one.
    if (this.latest === reading) this.emit('snapshot', snapshot);
    return snapshot;
  }

  /** Looks at everything again, for what no watch reports. */
  async lookAgain(): Promise<void> {
    this.interpreters.forget();
    this.watcher.watchEntries();
    await this.refresh();
  }

  /** Carries out a request. Never rejects for what a person, the kernel or polkit decides. */
  change(request: ChangeRequest): Promise<ChangeResult> {
    const result = this.lastChange.then(() => this.carryOut(request));
    this.lastChange = result.catch(() => undefined);
    return result;
  }

  private async carryOut(request: ChangeRequest): Promise<ChangeResult> {
    const before = await this.refresh();
    const planned = this.plan(request, before);
    if (!planned.ok) return refusal(planned.problem, before);
    const { plan, leftAlone } = planned.value;

    const token = randomBytes(16).toString('hex');
    const script = buildScript(plan, token);
    if (script.length > LONGEST_SCRIPT) {
      return refusal('That is more than can be changed at once. Change fewer entries at a time.', before);
    }
    this.log(`Carrying out as ${this.elevation.kind}:\n${script}`);
    const output = await runElevated(script, this.elevation);
    this.log(output.ok ? `It said:\n${output.value}` : `It did not run: ${JSON.stringify(output.problem)}`);

    if (plan.some((operation) => operation.kind === 'mount')) this.watcher.watchEntries();
    const after = await this.refresh();
    if (!output.ok) {
      if (output.problem.kind === 'impossible') return refusal(output.problem.reason, after);
      return { ...refusal('Nothing was changed: permission was not given.', after), kind: 'dismissed' };
    }
    const outcomes = parseReport(output.value, plan, token);
    const undo = this.remember(plan, before);
    return changeResult({ request, outcomes, leftAlone, undo, snapshot: after });
  }

  private plan(
    request: ChangeRequest,
    snapshot: Snapshot,
  ): Result<{ readonly plan: Plan; readonly leftAlone: readonly string[] }, string> {
    const planned =
      request.kind === 'undo' ? this.planUndo(request.change, snapshot) : planOf(request, snapshot);
    if (!planned.ok) return planned;
    const { plan, leftAlone } =
      'plan' in planned.value ? planned.value : { plan: planned.value, leftAlone: [] };
    const problem = problemOfPlan(plan, snapshot);
    return problem === null ? success({ plan, leftAlone }) : failure(problem);
  }

  private planUndo(
    change: number,
    now: Snapshot,
  ): Result<{ readonly plan: Plan; readonly leftAlone: readonly string[] }, string> {
    const undoable = this.undoables.get(change);
    if (undoable === undefined) return failure('There is nothing to undo any more.');
    const { before, names, switchedMaster } = undoable;
    const restoration = planRestoration(names, before.entries, now.entries);
    const master: Plan =
      switchedMaster && before.binfmtMisc !== now.binfmtMisc
        ? [{ kind: 'switch-master', on: before.binfmtMisc === 'on' }]
        : [];
    const plan = [...master, ...restoration.plan];
    const leftAlone = restoration.leftAlone.map(({ name, reason }) => `${name}: ${reason}`);
    if (plan.length > 0) return success({ plan, leftAlone });
    return failure(
      leftAlone.length > 0
        ? `Nothing could be put back. ${leftAlone.join('; ')}.`
        : 'Everything is already as it was before.',
    );
  }

  /** The number to undo the change with, or null when it cannot be undone. */
  private remember(plan: Plan, before: Snapshot): number | null {
    const names = new Set(plan.map(entryNameOfOperation).filter((name) => name !== null));
    const switchedMaster = plan.some((operation) => operation.kind === 'switch-master');
    if (names.size === 0 && !switchedMaster) return null;
    this.changeCount += 1;
    this.undoables.set(this.changeCount, { before, names, switchedMaster });
    return this.changeCount;
  }

  private onChange(change: Change): void {
    if (change === 'interpreters') this.interpreters.forget();
    if (this.settling !== null) return;
    this.settling = setTimeout(() => {
      this.settling = null;
      void this.refresh();
    }, SETTLE_MS);
  }
}

const interpretersIn = (snapshot: Snapshot): readonly Interpreter[] =>
  [...snapshot.targets, ...snapshot.formats]
    .filter((row) => row.entry !== null)
    .map((row) => row.interpreter)
    .filter((interpreter) => interpreter !== null);
