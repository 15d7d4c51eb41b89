import type { BootConfiguration, FileAuthor } from './binfmt/boot/boot-configuration.ts';
import { type BootSource, namesIn, placeFor } from './binfmt/boot-changes.ts';
import { type BootRequest, filesToShow, type ShownFile } from './binfmt/boot-requests.ts';
import { type BootFileContent, bootFilePath, type Plan } from './binfmt/operations.ts';
import { planOf } from './binfmt/requests.ts';
import type { Snapshot } from './binfmt/snapshot.ts';
import type { ChangeRequest } from './plan-change.ts';

/** A file that is not this program's alone, and what a change does to it: to be shown before it is done. */
export interface ConcernedFile extends ShownFile {
  readonly author: FileAuthor;
  /** The package that brings it, and brings it anew whenever it is upgraded; null where none does. */
  readonly package: string | null;
  /** What is in its place afterwards, or in /etc/binfmt.d over it where it lies elsewhere. */
  readonly after: BootFileContent;
  /** Where {@link after} is put. */
  readonly afterPath: string;
  /** The names of other entries that it brings back, and that nothing brings back afterwards. */
  readonly loses: readonly string[];
}

/** A request about boot as it is once a person has agreed to it, and the files they must see before they do. */
export interface Agreement {
  readonly request: ChangeRequest;
  readonly files: readonly ConcernedFile[];
}

/** What a person must agree to before the request can be carried out: nothing, for all but those about boot. */
export function agreementOn(request: ChangeRequest, snapshot: Snapshot): Agreement {
  if (request.kind !== 'keep-at-boot' && request.kind !== 'not-at-boot') return { request, files: [] };
  const shown = filesToShow(request, snapshot);
  const agreed: BootRequest = { ...request, agreed: [...request.agreed, ...shown] };
  const planned = planOf(agreed, snapshot);
  // Why there is no plan is for the request itself to say.
  if (!planned.ok) return { request: agreed, files: [] };
  const { plan } = planned.value;
  const files = shown.flatMap((one): readonly ConcernedFile[] => {
    const file = sourcesIn(snapshot.boot).find(({ path }) => path === one.path);
    const after = file === undefined ? null : contentAfter(file, plan);
    if (file === undefined || after === null) return [];
    const { author } = file;
    const loses = lostWith(file, agreed, plan, snapshot.boot);
    const brought = 'origin' in file ? file.package : null;
    return [{ ...one, author, package: brought, after, afterPath: bootFilePath(placeFor(file)), loses }];
  });
  return { request: agreed, files };
}

const sourcesIn = ({ files, formats }: BootConfiguration): readonly BootSource[] => [...files, ...formats];

function contentAfter(file: BootSource, plan: Plan): BootFileContent | null {
  const path = bootFilePath(placeFor(file));
  const changes = plan.filter((one) => one.kind === 'set-boot-file');
  return changes.find((one) => bootFilePath(one) === path)?.after ?? null;
}

function lostWith(
  file: BootSource,
  { names }: BootRequest,
  plan: Plan,
  boot: BootConfiguration,
): readonly string[] {
  if (!isInForce(file, boot)) return [];
  const isLeft = sourcesIn(boot).filter(
    (one) => isInForce(one, boot) && one !== file && contentAfter(one, plan) === null,
  );
  const stillBrought = new Set(isLeft.flatMap(namesIn));
  const brought = new Set(namesIn(file));
  return [...brought].filter((name) => !names.includes(name) && !stillBrought.has(name));
}

const isInForce = (source: BootSource, { services }: BootConfiguration): boolean =>
  'origin' in source
    ? source.origin === 'database' && services.includes('binfmt-support')
    : source.state === 'used';
