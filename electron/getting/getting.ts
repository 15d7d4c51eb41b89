import { type Result, success } from '../binfmt/result.ts';
import type { ChangeResult } from '../change-result.ts';
import type { ArchiveListing } from '../install/archive/open-archive.ts';
import type { InstallProgress } from '../install/distribution/install-progress.ts';
import type { InstallationObstacle, InstallationPlan } from '../install/distribution/plan-installation.ts';
import type { BinfmtManager } from '../manager.ts';
import type { Preview } from '../past-change.ts';
import { SoleWork } from '../sole-work.ts';
import type { ListedArchive } from './list-archive.ts';

/** How far what is under way is. */
export type GettingProgress =
  | ({ readonly kind: 'installing' } & Omit<InstallProgress, 'outcome'>)
  /** The fraction is of the archive's bytes that were read, from 0 to 1. */
  | { readonly kind: 'listing' | 'placing'; readonly fraction: number };

/** Why nothing was done, a sentence. */
interface Failed {
  readonly kind: 'failed';
  readonly sentence: string;
}

/** What came of installing from the distribution; `stopped`: a person decided against it. */
export interface InstallResult {
  readonly kind: 'installed' | 'stopped' | 'failed';
  readonly sentence: string;
  /** What a person could type instead; null where that is of no use. */
  readonly command: string | null;
  /** What the tools said. */
  readonly lines: readonly string[];
}

/** What the distribution has, and what installing it would do. */
export interface DistributionOffer extends InstallationPlan {
  readonly whatWillRun: Preview;
}

/** What came of reading an archive. */
export type ListResult =
  | { readonly kind: 'listed'; readonly archive: ListedArchive }
  | { readonly kind: 'stopped' }
  | Failed;

/** What a person wants of the archive that was read last. */
export interface PlaceWish {
  /** Names of its listing. */
  readonly fileNames: readonly string[];
  /** Whether they are registered, too, and what then becomes of what is registered already. */
  readonly register: 'no' | 'keep' | 'replace';
}

/** What came of putting programs of an archive in their place. */
export type PlaceResult =
  | { readonly kind: 'changed'; readonly result: ChangeResult }
  | { readonly kind: 'stopped' }
  | Failed;

const busy = {
  kind: 'failed',
  sentence: 'QEMU is being installed already. Wait until that is done, or cancel it.',
  command: null,
  lines: [],
} as const;

/**
 * Gets QEMU from the distribution or from an archive, one work at a time; knows nothing of windows. Remembers what it
 * found, so that whoever asks names neither a package nor a path. What does the work is loaded when it is asked for:
 * a program that only shows a table starts without it.
 */
export class Getting {
  private plan: InstallationPlan | null = null;
  private listing: ArchiveListing | null = null;
  private readonly work: SoleWork<GettingProgress>;

  constructor(
    private readonly manager: BinfmtManager,
    tell: (progress: GettingProgress) => void,
  ) {
    this.work = new SoleWork(tell);
  }

  /** Whether something is being read or installed. */
  get isBusy(): boolean {
    return this.work.isBusy;
  }

  /** What the distribution has, or why it cannot be installed. Changes nothing. */
  async offer(): Promise<Result<DistributionOffer, InstallationObstacle>> {
    const { planInstallation } = await import('../install/distribution/plan-installation.ts');
    const planned = await planInstallation();
    this.plan = planned.ok ? planned.value : null;
    if (!planned.ok) return planned;
    const { previewInstallation } = await import('./preview-installation.ts');
    return success({ ...planned.value, whatWillRun: previewInstallation(planned.value) });
  }

  /** Installs what was offered last. */
  install(): Promise<InstallResult> {
    return this.work.run(busy, async (tell, signal) => {
      const { plan } = this;
      if (plan === null) {
        return { kind: 'failed', sentence: 'Look first what can be installed.', command: null, lines: [] };
      }
      const end = await this.manager.install(plan, signal, ({ outcome: _, ...progress }) =>
        tell({ kind: 'installing', ...progress }),
      );
      if (!end.ok) {
        const { kind, reason } = end.problem;
        const isDismissed = kind === 'dismissed';
        return {
          kind: isDismissed ? 'stopped' : 'failed',
          sentence: reason,
          command: isDismissed ? null : plan.command,
          lines: [],
        };
      }
      const { outcome, ...told } = end.value;
      return { kind: kinds[outcome], ...told };
    });
  }

  /** Lists the emulators in an archive or a folder; `path` is a string of bytes. */
  list(path: string): Promise<ListResult> {
    return this.work.run(busy, async (tell, signal) => {
      this.listing = null;
      const { listArchive } = await import('./list-archive.ts');
      const onProgress = (fraction: number): void => tell({ kind: 'listing', fraction });
      const listed = await listArchive(path, { signal, onProgress });
      if (signal.aborted) return { kind: 'stopped' };
      if (!listed.ok) return { kind: 'failed', sentence: listed.problem };
      this.listing = listed.value.listing;
      return { kind: 'listed', archive: listed.value.shown };
    });
  }

  /** What {@link place} would do; null where nothing is listed. */
  async previewPlacing({ fileNames, register }: PlaceWish): Promise<Preview | null> {
    const { listing } = this;
    if (listing === null) return null;
    const { requestToPlace } = await import('./place-from-archive.ts');
    const programs = listing.programs.filter(({ fileName }) => fileNames.includes(fileName));
    return this.manager.preview(requestToPlace(programs, register));
  }

  /** Puts programs that were listed last into their place, and registers them where that is wished. */
  place({ fileNames, register }: PlaceWish): Promise<PlaceResult> {
    return this.work.run(busy, async (tell, signal) => {
      const { listing } = this;
      if (listing === null) return { kind: 'failed', sentence: 'Choose first where they are to come from.' };
      const { placeFromArchive } = await import('./place-from-archive.ts');
      const onProgress = (fraction: number): void => tell({ kind: 'placing', fraction });
      const placed = await placeFromArchive(this.manager, listing, fileNames, register, {
        signal,
        onProgress,
      });
      if (placed.ok) return { kind: 'changed', result: placed.value };
      return signal.aborted ? { kind: 'stopped' } : { kind: 'failed', sentence: placed.problem };
    });
  }

  /** Stops what is under way, as far as that is safe. */
  cancel(): void {
    this.work.cancel();
  }

  /** Stops what is under way as far as that is safe, and resolves when it has ended. */
  finish(): Promise<void> {
    return this.work.finish();
  }
}

const kinds = { done: 'installed', cancelled: 'stopped', failed: 'failed' } as const;
