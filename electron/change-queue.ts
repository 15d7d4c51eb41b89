import { inspect } from 'node:util';
import { subjectsOf } from './binfmt/operations.ts';
import type { PlacingStates } from './binfmt/placing.ts';
import type { Snapshot } from './binfmt/snapshot.ts';
import { type Changer, carryOut, type RequestedChange } from './carry-out.ts';
import { type ChangeResult, dismissal, faultOf, refusal } from './change-result.ts';
import { runElevated } from './elevation/elevate.ts';
import { scriptOf } from './elevation/script.ts';
import { isTooLong } from './elevation/script-command.ts';
import { type ChangeRequest, type PlannedChange, placingsToUndo, planChange } from './plan-change.ts';

/** What is going on: `asking` while somebody is asked for permission, `running` once it was given; and how many changes wait. */
export type Activity =
  | { readonly kind: 'idle' }
  | { readonly kind: 'asking' | 'running'; readonly changes: number; readonly waiting: number };

interface Job {
  readonly request: ChangeRequest;
  readonly answer: (result: ChangeResult) => void;
  /** Where this program itself fails. */
  readonly reject: (error: unknown) => void;
}

type PlannedJob = Job & RequestedChange;

/** What the queue needs of its owner. */
export interface ChangeQueueOwner extends Changer {
  readonly onActivity: (activity: Activity) => void;
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
  /** For cancelling what is planned and asked for now; null where nobody is asked. */
  private prompt: AbortController | null = null;
  private prompted: { readonly kind: 'asking' | 'running'; readonly changes: number } | null = null;

  constructor(private readonly owner: ChangeQueueOwner) {}

  /** Resolves with what became of the request; never rejects for what a person, the kernel or polkit decides. */
  submit(request: ChangeRequest): Promise<ChangeResult> {
    return new Promise((answer, reject) => {
      this.waiting.push({ request, answer, reject });
      this.running ??= this.work();
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
    });
  }

  /** Takes back the prompt that is open or about to be, and with it what waits; no effect once permission was given. */
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
    while (this.works.length + this.waiting.length > 0) {
      try {
        await (this.works.shift() ?? this.carryOutWaiting)();
      } catch (error) {
        for (const job of this.waiting.splice(0)) job.reject(error);
      }
    }
    // Here and not when the promise settles: what is submitted in between would wait for ever.
    this.running = null;
  }

  private readonly carryOutWaiting = async (): Promise<void> => {
    const prompt = this.owner.elevation.kind === 'prompt' ? new AbortController() : null;
    this.prompt = prompt;
    const bootFiles = this.waiting.some((job) => mayConcernBoot(job.request));
    const snapshot = await this.owner.refresh({ bootFiles });
    const placings = await this.placingsOfWaiting();
    const batch = prompt?.signal.aborted === true ? [] : this.takeBatch(snapshot, placings);
    const after = batch.length > 0 ? await this.carryOut(batch, snapshot) : snapshot;
    this.prompt = null;
    if (prompt?.signal.aborted === true) this.dismissWaiting(after);
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
    for (const job of this.waiting) {
      const planned = planChange(job.request, snapshot, placings, this.owner);
      if (!planned.ok) {
        // It may be about what those before it will have changed.
        if (batch.length > 0 || left.length > 0) left.push(job);
        else job.answer(refusal(planned.problem, snapshot));
        continue;
      }
      const subjects = planned.value.plan.flatMap(subjectsOf);
      const mustWait =
        subjects.some((subject) => touched.has(subject)) || !haveRoom([...batch, planned.value]);
      // Also those left over keep others of the same entries behind them.
      for (const subject of subjects) touched.add(subject);
      if (mustWait) left.push(job);
      else batch.push({ ...job, ...planned.value });
    }
    this.waiting = left;
    return batch;
  }

  /** Returns the system afterwards. */
  private async carryOut(batch: readonly PlannedJob[], before: Snapshot): Promise<Snapshot> {
    const { elevation, log } = this.owner;
    const changes = batch.length;
    try {
      const { results, after } = await carryOut(batch, before, this.owner, (script) => {
        if (this.prompt !== null) this.tellPrompted({ kind: 'asking', changes });
        return runElevated(script, elevation, {
          signal: this.prompt?.signal,
          onGranted: () => this.tellPrompted({ kind: 'running', changes }),
        }).finally(() => this.tellPrompted(null));
      });
      for (const [index, job] of batch.entries()) {
        const result = results[index];
        if (result !== undefined) job.answer(result);
      }
      return after;
    } catch (error) {
      log(`Carrying it out failed: ${inspect(error)}`);
      const result = refusal(`${faultOf(error)} The table shows what became of the change.`, before);
      for (const job of batch) job.answer(result);
      return before;
    }
  }

  private tellPrompted(prompted: typeof this.prompted): void {
    this.prompted = prompted;
    this.tellActivity();
  }

  private dismissWaiting(snapshot: Snapshot): void {
    for (const job of this.waiting)
      job.answer(dismissal('Nothing was changed: the request was cancelled.', snapshot));
    this.waiting = [];
  }

  private tellActivity(): void {
    const { prompted, waiting } = this;
    this.owner.onActivity(prompted === null ? { kind: 'idle' } : { ...prompted, waiting: waiting.length });
  }
}

/** Whether one script has room for all of these. */
const haveRoom = (changes: readonly PlannedChange[]): boolean =>
  !isTooLong(
    scriptOf(
      changes.flatMap((change) => change.commands),
      '',
    ),
  );

const mayConcernBoot = ({ kind }: ChangeRequest): boolean =>
  kind === 'keep-at-boot' || kind === 'not-at-boot' || kind === 'apply-boot' || kind === 'undo';
