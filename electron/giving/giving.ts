import type { Snapshot } from '../binfmt/snapshot.ts';
import type { PublishProgress } from '../images/publish.ts';
import { SoleWork } from '../sole-work.ts';
import { type BuildWish, type Built, prepareBuild } from './builder.ts';
import { type ImageChoices, readImageChoices } from './choices.ts';
import { type BuildProgress, ItemMeter } from './item-progress.ts';
import { type CompareResult, Publisher, type PublishResult } from './publisher.ts';

/** How far what is under way is. */
export type ImageProgress = BuildProgress | ({ readonly kind: 'comparing' | 'publishing' } & PublishProgress);

/** What came of a build. A reason is a sentence. */
export type BuildResult =
  | { readonly kind: 'built'; readonly built: Built }
  | { readonly kind: 'stopped' }
  | { readonly kind: 'failed'; readonly reason: string };

const busy = {
  kind: 'failed',
  reason: 'Something is being built or published already. Wait until it is done, or cancel it.',
} as const;

/**
 * Makes tarballs and images and publishes them, one work at a time; knows nothing of windows. What is long is done by
 * threads and other programs, so that this can be asked from a process that has a window.
 */
export class Giving {
  private readonly publisher = new Publisher();
  private readonly work: SoleWork<() => ImageProgress>;

  constructor(
    private readonly snapshot: () => Promise<Snapshot>,
    tell: (progress: ImageProgress) => void,
  ) {
    this.work = new SoleWork((read) => tell(read()));
  }

  /** Whether something is being built, compared or published. */
  get isBusy(): boolean {
    return this.work.isBusy;
  }

  async choices(): Promise<ImageChoices> {
    return readImageChoices(await this.snapshot());
  }

  /** Makes what is wished at `place`, a string of bytes. Nothing is left behind when it is cancelled or fails. */
  build(wish: BuildWish, place: string): Promise<BuildResult> {
    return this.work.run<BuildResult>(busy, async (tell, signal) => {
      this.publisher.forget();
      const prepared = await prepareBuild(wish, place, await this.snapshot());
      if (!prepared.ok) return { kind: 'failed', reason: prepared.problem };
      const meter = new ItemMeter(prepared.value.sizes);
      tell(() => meter.read());
      const built = await prepared.value.run((report) => {
        meter.add(report);
        tell(() => meter.read());
      }, signal);
      if (built.ok) return { kind: 'built', built: built.value };
      return signal.aborted ? { kind: 'stopped' } : { kind: 'failed', reason: built.problem };
    });
  }

  /** Compares the images of a layout with what a repository has. Sends nothing. */
  compare(layout: string, repository: string): Promise<CompareResult> {
    return this.work.run<CompareResult>(busy, (tell, signal) =>
      this.publisher.compare(
        layout,
        repository,
        (progress) => tell(() => ({ kind: 'comparing', ...progress })),
        signal,
      ),
    );
  }

  /** Sends what was compared last; with `replace` also over what is different there. */
  publish(replace: boolean): Promise<PublishResult> {
    return this.work.run<PublishResult>(busy, (tell, signal) =>
      this.publisher.publish(
        replace,
        (progress) => tell(() => ({ kind: 'publishing', ...progress })),
        signal,
      ),
    );
  }

  /** Stops what is under way. */
  cancel(): void {
    this.work.cancel();
  }

  /** Stops what is under way, and resolves when what it left has been removed. */
  finish(): Promise<void> {
    return this.work.finish();
  }
}
