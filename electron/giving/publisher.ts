import { sizeInLayout } from '../images/layout-blobs.ts';
import { mayReplace, type PlannedTag } from '../images/planned-tag.ts';
import { type Publication, type PublishProgress, planPublication, publish } from '../images/publish.ts';
import { nameOfRepository } from '../images/repository-name.ts';
import { commandsForPublished, type UseCommand } from './commands.ts';

/** What a registry has, next to the images of a layout. */
export interface Comparison {
  /** With its registry. */
  readonly repository: string;
  readonly tags: readonly PlannedTag[];
  /** At most so many bytes are sent with what is new; what the registry has is not sent. Null: not known. */
  readonly newBytes: number | null;
  /** The same with what replaces another image, or may. */
  readonly allBytes: number | null;
  /** What runs the images once they are there. */
  readonly commands: readonly UseCommand[];
}

/** What came of comparing. A reason is a sentence. */
export type CompareResult =
  | { readonly kind: 'compared'; readonly comparison: Comparison }
  | { readonly kind: 'stopped' }
  | { readonly kind: 'failed'; readonly reason: string };

/** What came of publishing: the tags that were sent, and what is left as `comparison` then says. */
export type PublishResult =
  | { readonly kind: 'published'; readonly sent: readonly string[]; readonly comparison: Comparison }
  | {
      readonly kind: 'interrupted';
      /** Whether a person did. */
      readonly isStopped: boolean;
      readonly reason: string;
      readonly sent: readonly string[];
      readonly comparison: Comparison;
    }
  | { readonly kind: 'failed'; readonly reason: string };

type Report = (progress: PublishProgress) => void;

/** Compares a layout with a registry and sends what a person has seen the comparison of. */
export class Publisher {
  private publication: Publication | null = null;

  /** Forgets what was compared: the layout may have changed. */
  forget(): void {
    this.publication = null;
  }

  async compare(layout: string, name: string, report: Report, signal: AbortSignal): Promise<CompareResult> {
    this.publication = null;
    const planned = await planPublication(layout, name, report, signal);
    if (!planned.ok) {
      const { kind, reason } = planned.problem;
      return kind === 'stopped' ? { kind } : { kind: 'failed', reason };
    }
    this.publication = planned.value;
    return { kind: 'compared', comparison: await comparisonOf(planned.value) };
  }

  /** Sends what was new when it was compared, and what may replace another image only with `replace`. */
  async publish(replace: boolean, report: Report, signal: AbortSignal): Promise<PublishResult> {
    const { publication } = this;
    if (publication === null) return { kind: 'failed', reason: 'Compare with the registry first.' };
    const tags = publication.tags.filter((tag) => replace || !mayReplace(tag));
    const published = await publish({ ...publication, tags }, report, signal);
    const sent = published.ok ? published.value : published.problem.sent;
    const isSent = new Set(sent);
    this.publication = {
      ...publication,
      tags: publication.tags.map((one) => (isSent.has(one.tag) ? { ...one, state: 'same' } : one)),
    };
    const comparison = await comparisonOf(this.publication);
    if (published.ok) return { kind: 'published', sent, comparison };
    const { kind, reason } = published.problem;
    return { kind: 'interrupted', isStopped: kind === 'stopped', reason, sent, comparison };
  }
}

async function comparisonOf({ layout, repository, tags }: Publication): Promise<Comparison> {
  const digestsOf = (isSent: (tag: PlannedTag) => boolean): readonly string[] =>
    tags.filter(isSent).map(({ digest }) => digest);
  const isNew = ({ state }: PlannedTag): boolean => state === 'new';
  const name = nameOfRepository(repository);
  return {
    repository: name,
    tags,
    newBytes: await sizeInLayout(layout, digestsOf(isNew)),
    allBytes: await sizeInLayout(
      layout,
      digestsOf((tag) => isNew(tag) || mayReplace(tag)),
    ),
    commands: commandsForPublished(
      name,
      tags.map(({ tag }) => tag),
    ),
  };
}
