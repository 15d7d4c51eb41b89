import { randomBytes } from 'node:crypto';
import { subjectsOf } from './binfmt/operations.ts';
import { isPlacing, type PlacingStates } from './binfmt/placing.ts';
import type { PlannedRequest } from './binfmt/requests.ts';
import type { Snapshot } from './binfmt/snapshot.ts';
import { type ChangeResult, changeResult, dismissal, refusal } from './change-result.ts';
import { type Elevation, runElevated } from './elevation/elevate.ts';
import { type Outcome, parseReport } from './elevation/report.ts';
import { commandsOf, LONGEST_SCRIPT, scriptOf } from './elevation/script.ts';
import { settle } from './elevation/settle.ts';
import type { History } from './history.ts';
import { placingStatesOf } from './install/place.ts';
import { type ChangeRequest, placingsToUndo, planChange, recordOf } from './plan-change.ts';
import { isUndoable } from './undo.ts';

/** What is going on: `asking` while somebody is being asked for permission, with how many changes wait. */
export type Activity =
  | { readonly kind: 'idle' }
  | { readonly kind: 'asking'; readonly changes: number; readonly waiting: number };

interface Job {
  readonly request: ChangeRequest;
  readonly answer: (result: ChangeResult) => void;
}

interface PlannedJob extends Job, PlannedRequest {
  readonly commands: readonly string[];
}

/** What is read once more although nothing has told of a change yet. */
export interface ReadAnew {
  readonly bootFiles?: boolean;
  readonly interpreters?: boolean;
}

/** What the queue needs of its owner. */
export interface ChangeQueueOwner {
  readonly elevation: Elevation;
  readonly history: History;
  /** Reads the system anew, with what of it is otherwise remembered. */
  readonly refresh: (anew: ReadAnew) => Promise<Snapshot>;
  readonly onMounted: () => void;
  readonly onActivity: (activity: Activity) => void;
  readonly log: (message: string) => void;
}

/**
 * Carries out changes. What is asked for while somebody is being asked for permission waits and goes together
 * under the next prompt; two changes of one entry never go together, the second is planned anew.
 */
export class ChangeQueue {
  private waiting: Job[] = [];
  private works: (() => Promise<void>)[] = [];
  private stopWork: AbortController | null = null;
  private running: Promise<void> | null = null;
  private prompt: AbortController | null = null;
  private promptedChanges = 0;

  constructor(private readonly owner: ChangeQueueOwner) {}

  /** Resolves with what became of the request; never rejects for what a person, the kernel or polkit decides. */
  submit(request: ChangeRequest): Promise<ChangeResult> {
    return new Promise((answer, reject) => {
      this.waiting.push({ request, answer });
      this.running ??= this.work();
      this.running.catch(reject);
      this.tellActivity();
    });
  }

  /** Does a work of another kind while no change is carried out; what is handed to it says when to stop. */
  doInTurn<Value>(work: (signal: AbortSignal) => Promise<Value>, signal: AbortSignal): Promise<Value> {
    return new Promise((resolve, reject) => {
      this.works.push(async () => {
        const stop = new AbortController();
        this.stopWork = stop;
        await work(AbortSignal.any([signal, stop.signal])).then(resolve, reject);
        this.stopWork = null;
        if (stop.signal.aborted) this.dismissWaiting(await this.owner.refresh({}));
      });
      this.running ??= this.work();
      this.running.catch(reject);
    });
  }

  /** Takes back the prompt that is open, and with it what waits; no effect once permission was given. */
  cancelPrompt(): void {
    this.prompt?.abort();
  }

  /** Stops what is under way, as far as it can be stopped, and forgets what waits. */
  stop(): void {
    this.cancelPrompt();
    this.stopWork?.abort();
  }

  get isBusy(): boolean {
    return this.running !== null;
  }

  /** Resolves when nothing is under way any more. */
  async finished(): Promise<void> {
    await this.running;
  }

  private async work(): Promise<void> {
    try {
      while (this.works.length + this.waiting.length > 0) {
        await (this.works.shift() ?? this.carryOutWaiting)();
      }
    } finally {
      // Here and not when the promise settles: what is submitted in between would wait for ever.
      this.running = null;
    }
  }

  private readonly carryOutWaiting = async (): Promise<void> => {
    const bootFiles = this.waiting.some((job) => mayConcernBoot(job.request));
    const snapshot = await this.owner.refresh({ bootFiles });
    const batch = this.takeBatch(snapshot, await this.placingsOfWaiting());
    if (batch.length > 0) await this.carryOut(batch, snapshot);
  };

  private async placingsOfWaiting(): Promise<PlacingStates> {
    for (;;) {
      const requests = this.waiting.map((job) => job.request);
      const placings = await placingsToUndo(requests, this.owner.history);
      // More may have come meanwhile.
      if (this.waiting.length === requests.length) return placings;
    }
  }

  /** The waiting jobs that can go together; those that cannot be planned are answered. */
  private takeBatch(snapshot: Snapshot, placings: PlacingStates): readonly PlannedJob[] {
    const batch: PlannedJob[] = [];
    const touched = new Set<string>();
    const left: Job[] = [];
    let length = 0;
    for (const job of this.waiting) {
      const planned = planChange(job.request, snapshot, this.owner.history, placings);
      if (!planned.ok) {
        // It may be about what those before it will have changed.
        if (batch.length > 0 || left.length > 0) left.push(job);
        else job.answer(refusal(planned.problem, snapshot));
        continue;
      }
      const { plan } = planned.value;
      const commands = commandsOf(plan, snapshot.entries);
      const own = scriptOf(commands, '').length;
      const subjects = plan.flatMap(subjectsOf);
      const mustWait = length + own > LONGEST_SCRIPT || subjects.some((subject) => touched.has(subject));
      // Also those left over keep others of the same entries behind them.
      for (const subject of subjects) touched.add(subject);
      if (own > LONGEST_SCRIPT) {
        job.answer(
          refusal('That is more than can be changed at once. Change fewer entries at a time.', snapshot),
        );
      } else if (mustWait) {
        left.push(job);
      } else {
        batch.push({ ...job, ...planned.value, commands });
        length += own;
      }
    }
    this.waiting = left;
    return batch;
  }

  private async carryOut(batch: readonly PlannedJob[], before: Snapshot): Promise<void> {
    const { elevation, history, log } = this.owner;
    const plan = batch.flatMap((job) => job.plan);
    const token = randomBytes(16).toString('hex');
    const script = scriptOf(
      batch.flatMap((job) => job.commands),
      token,
    );
    const records = batch.map((job) => history.begin(recordOf(job.plan, script, elevation, before)));
    log(`Carrying out as ${elevation.kind}:\n${script}`);

    this.prompt = elevation.kind === 'prompt' ? new AbortController() : null;
    this.promptedChanges = batch.length;
    this.tellActivity();
    const output = await runElevated(script, elevation, this.prompt?.signal);
    const wasCancelled = this.prompt?.signal.aborted === true;
    this.prompt = null;
    this.tellActivity();
    log(output.ok ? `It said:\n${output.value}` : `It did not run: ${JSON.stringify(output.problem)}`);

    if (plan.some((operation) => operation.kind === 'mount')) this.owner.onMounted();
    const after = await this.owner.refresh({
      bootFiles: plan.some((operation) => operation.kind === 'set-boot-file'),
      interpreters: plan.some(isPlacing),
    });
    const outcomes = output.ok
      ? settle(parseReport(output.value, plan, token), after, await placingStatesOf(plan))
      : [];
    let reported = 0;
    batch.forEach((job, index) => {
      const own: readonly Outcome[] = outcomes.slice(reported, reported + job.plan.length);
      reported += job.plan.length;
      const undo = isUndoable(job.plan) ? (records[index] ?? null) : null;
      const result = output.ok
        ? changeResult({
            request: job.request,
            outcomes: own,
            leftAlone: job.leftAlone,
            undo,
            snapshot: after,
          })
        : output.problem.kind === 'dismissed'
          ? dismissal(output.problem.reason, after)
          : refusal(output.problem.reason, after);
      const { kind, message, details } = result;
      history.finish(records[index] ?? 0, { kind, message, details: [...details] });
      job.answer(result);
    });
    if (wasCancelled) this.dismissWaiting(after);
  }

  private dismissWaiting(snapshot: Snapshot): void {
    for (const job of this.waiting)
      job.answer(dismissal('Nothing was changed: the request was cancelled.', snapshot));
    this.waiting = [];
  }

  private tellActivity(): void {
    this.owner.onActivity(
      this.prompt === null
        ? { kind: 'idle' }
        : { kind: 'asking', changes: this.promptedChanges, waiting: this.waiting.length },
    );
  }
}

const mayConcernBoot = ({ kind }: ChangeRequest): boolean =>
  kind === 'keep-at-boot' || kind === 'not-at-boot' || kind === 'apply-boot' || kind === 'undo';
