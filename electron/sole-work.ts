import { atIntervals } from './at-intervals.ts';

/** A person sees no more than this of a progress, in milliseconds. */
const REPORT_EVERY_MS = 100;

/** What takes long and can be stopped, one at a time; tells how far it is. */
export class SoleWork<Progress> {
  private stop: AbortController | null = null;
  private ended: Promise<unknown> = Promise.resolve();

  constructor(private readonly tell: (progress: Progress) => void) {}

  get isBusy(): boolean {
    return this.stop !== null;
  }

  /** Does it, or returns `busy` while there is another. */
  run<Outcome>(
    busy: Outcome,
    work: (tell: (progress: Progress) => void, signal: AbortSignal) => Promise<Outcome>,
  ): Promise<Outcome> {
    if (this.stop !== null) return Promise.resolve(busy);
    const stop = new AbortController();
    this.stop = stop;
    const reports = atIntervals(REPORT_EVERY_MS, this.tell);
    const working = work(reports.add, stop.signal).finally(() => {
      reports.stop();
      this.stop = null;
    });
    this.ended = working.catch(() => undefined);
    return working;
  }

  /** Stops what is under way, as far as that is safe. */
  cancel(): void {
    this.stop?.abort();
  }

  /** The same, and resolves when it has ended and what it left has been removed. */
  async finish(): Promise<void> {
    this.cancel();
    await this.ended;
  }
}
