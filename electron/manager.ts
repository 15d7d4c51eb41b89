import { EventEmitter } from 'node:events';
import { BootReader } from './binfmt/boot/boot-reader.ts';
import { desiredAtBoot } from './binfmt/boot-requests.ts';
import type { DesiredEntry } from './binfmt/exchange/desired-entry.ts';
import { type Interpreter, Interpreters, type VersionCache } from './binfmt/interpreters.ts';
import { describeOperation, lossesOf } from './binfmt/operations.ts';
import { SnapshotReader } from './binfmt/reader.ts';
import type { RegisterRequest } from './binfmt/register-request.ts';
import type { Result } from './binfmt/result.ts';
import type { Snapshot } from './binfmt/snapshot.ts';
import { type Change, SystemWatcher } from './binfmt/watch.ts';
import { agreementOn } from './boot-agreement.ts';
import { type Activity, ChangeQueue } from './change-queue.ts';
import type { ChangeResult } from './change-result.ts';
import { type PreviewedChange, previewDifference } from './difference-preview.ts';
import type { Elevation } from './elevation/elevate.ts';
import type { ElevationProblem } from './elevation/problem.ts';
import { scriptOf } from './elevation/script.ts';
import { History } from './history.ts';
import type { InstallationEnd } from './install/distribution/install-from-distribution.ts';
import type { InstallProgress } from './install/distribution/install-progress.ts';
import type { InstallationPlan } from './install/distribution/plan-installation.ts';
import { placingStatesOf } from './install/place.ts';
import { type PastChange, type Preview, pastChange } from './past-change.ts';
import { type ChangeRequest, placingsToUndo, planChange } from './plan-change.ts';
import { previewRegistration, type RegistrationPreview } from './register-preview.ts';

/** Events in quick succession make one snapshot; a person does not see less than this. */
const SETTLE_MS = 10;

/**
 * Keeps the latest snapshot of the system, says so when there is a new one, and carries out changes one after
 * the other. Emits `snapshot` and `activity`; knows nothing of windows.
 */
export class BinfmtManager extends EventEmitter<{ snapshot: [Snapshot]; activity: [Activity] }> {
  private readonly interpreters: Interpreters;
  private readonly bootReader = new BootReader();
  private readonly reader: SnapshotReader;
  private readonly watcher = new SystemWatcher((change) => this.onChange(change));
  private readonly queue: ChangeQueue;
  private latest: Promise<Snapshot> | null = null;
  private settling: NodeJS.Timeout | null = null;
  private hasStopped = false;

  constructor(
    readonly elevation: Elevation,
    private readonly versions: VersionCache,
    private readonly log: (message: string) => void,
    private readonly history: History = new History(null, () => undefined),
  ) {
    super();
    this.queue = new ChangeQueue({
      elevation,
      history,
      refresh: ({ bootFiles, interpreters }) => {
        if (bootFiles === true) this.bootReader.forget();
        if (interpreters === true) this.interpreters.forget();
        return this.refresh();
      },
      onMounted: () => this.watcher.watchEntries(),
      onActivity: (activity) => this.emit('activity', activity),
      log,
    });
    this.interpreters = new Interpreters(versions, () => void this.refresh());
    this.reader = new SnapshotReader(this.interpreters, this.bootReader);
  }

  /** Follows what anyone changes, until {@link stop}. */
  start(): void {
    this.hasStopped = false;
    this.watcher.start();
  }

  stop(): void {
    this.hasStopped = true;
    this.watcher.stop();
    if (this.settling !== null) clearTimeout(this.settling);
  }

  /** The latest snapshot; the first call reads it. */
  snapshot(): Promise<Snapshot> {
    return this.latest ?? this.refresh();
  }

  /** Whether the latest snapshot speaks of an interpreter at that path. */
  async knowsInterpreter(path: string): Promise<boolean> {
    const { interpreters, targets } = await this.snapshot();
    return [...interpreters, ...targets.map((row) => row.installed)].some((one) => one?.path === path);
  }

  /** Reads the system anew, tells everybody and returns what was read. */
  async refresh(): Promise<Snapshot> {
    // This reading sees what the events that are settling tell of.
    if (this.settling !== null) clearTimeout(this.settling);
    this.settling = null;
    const reading = this.reader.read();
    this.latest = reading;
    const snapshot = await reading;
    this.watcher.watchInterpreters(interpretersIn(snapshot).map((one) => one.path));
    // A later reading may have overtaken this one.
    if (this.latest === reading && !this.hasStopped) this.emit('snapshot', snapshot);
    return snapshot;
  }

  /** Looks at everything again, for what no watch reports. */
  async lookAgain(): Promise<void> {
    this.interpreters.forget();
    this.watcher.watchEntries();
    await this.refreshAll();
  }

  /** Carries out a request. Never rejects for what a person, the kernel or polkit decides. */
  change(request: ChangeRequest): Promise<ChangeResult> {
    return this.queue.submit(request);
  }

  /**
   * Installs QEMU from the distribution, while nothing else is changed, and puts that on record. Aborting the signal
   * takes back the prompt or ends the fetching; it has no effect on what is being installed (`canCancel` tells).
   */
  async install(
    plan: InstallationPlan,
    signal: AbortSignal,
    onProgress: (progress: InstallProgress) => void,
  ): Promise<Result<InstallationEnd, ElevationProblem>> {
    // What only shows a table starts without it.
    const { installOnRecord } = await import('./install-on-record.ts');
    const { elevation, history, log } = this;
    return this.queue.doInTurn(async (turn) => {
      const owner = { elevation, history, log, before: await this.snapshot() };
      const end = await installOnRecord(plan, owner, turn, onProgress);
      // What packages brought is seen before anybody is told that they are there.
      await this.lookAgain();
      return end;
    }, signal);
  }

  /** Takes back the prompt that is open, if there is one. */
  cancelPrompt(): void {
    this.queue.cancelPrompt();
  }

  /** What a request would do: its operations in words and the script, or why it would do nothing. */
  async preview(request: ChangeRequest): Promise<Preview> {
    const snapshot = await this.snapshot();
    const { request: agreed, files } = agreementOn(request, snapshot);
    const { history, log } = this;
    const placings = await placingsToUndo([agreed], history);
    const planned = planChange(agreed, snapshot, placings, { history, log });
    if (!planned.ok) {
      const { problem } = planned;
      return { operations: [], script: '', problem, leftAlone: [], losses: [], shows: [] };
    }
    const { plan, commands, leftAlone } = planned.value;
    return {
      operations: plan.map(describeOperation),
      script: scriptOf(commands, 'chosen-when-it-runs'),
      problem: null,
      leftAlone,
      losses: lossesOf(plan, snapshot),
      shows: files,
    };
  }

  /** What applying the boot configuration would make of each entry. */
  async bootDifference(removeOthers: boolean): Promise<readonly PreviewedChange[]> {
    const { boot } = await this.snapshot();
    return this.difference(desiredAtBoot(boot), removeOthers);
  }

  /** What bringing the registry to these entries, in match order, would make of each. */
  async difference(
    desired: readonly DesiredEntry[],
    removeOthers: boolean,
  ): Promise<readonly PreviewedChange[]> {
    return previewDifference(desired, removeOthers, await this.snapshot(), this.unremembered());
  }

  /** What registering would do to each target, with the interpreters as they are on disk now. */
  async previewRegistration(request: RegisterRequest): Promise<RegistrationPreview> {
    return previewRegistration(request, await this.snapshot(), this.unremembered());
  }

  /** What was done, the newest first. */
  async pastChanges(): Promise<readonly PastChange[]> {
    const snapshot = await this.snapshot();
    const records = this.history.list();
    const placings = await placingStatesOf(records.flatMap(({ plan }) => plan));
    return records.map((record) => pastChange(record, snapshot, placings));
  }

  /** Whether a change is under way. */
  get isBusy(): boolean {
    return this.queue.isBusy;
  }

  /** Takes back an open prompt, ends a fetching; resolves when what is under way has ended and is on record. */
  async finish(): Promise<void> {
    this.queue.stop();
    await this.queue.finished();
  }

  /** Looks at interpreters as they are on disk now. */
  private unremembered(): Interpreters {
    return new Interpreters(this.versions, () => undefined);
  }

  /** Like {@link refresh}, the boot files included: the events that tell of their change may come later. */
  private refreshAll(): Promise<Snapshot> {
    this.bootReader.forget();
    return this.refresh();
  }

  private onChange(change: Change): void {
    if (change === 'interpreters') this.interpreters.forget();
    if (change === 'boot') this.bootReader.forget();
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
