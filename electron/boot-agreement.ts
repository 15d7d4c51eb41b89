import type { BootConfiguration, BootFile, FileAuthor } from './binfmt/boot/boot-configuration.ts';
import { type BootRequest, filesToShow, type ShownFile } from './binfmt/boot-requests.ts';
import { type BootFileContent, bootFilePath, type Plan } from './binfmt/operations.ts';
import { planOf } from './binfmt/requests.ts';
import type { Snapshot } from './binfmt/snapshot.ts';
import type { ChangeRequest } from './plan-change.ts';

/** A file that is not this program's alone, and what a change does to it: to be shown before it is done. */
export interface ConcernedFile extends ShownFile {
  readonly author: FileAuthor;
  /** What /etc/binfmt.d has in its place afterwards, or over it where it lies elsewhere. */
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
    const file = snapshot.boot.files.find(({ path }) => path === one.path);
    const after = file === undefined ? null : contentAfter(file, plan);
    if (file === undefined || after === null) return [];
    const loses = lostWith(file, agreed, plan, snapshot.boot);
    return [{ ...one, author: file.author, after, afterPath: bootFilePath(file.name), loses }];
  });
  return { request: agreed, files };
}

const contentAfter = ({ name }: BootFile, plan: Plan): BootFileContent | null =>
  plan.flatMap((one) => (one.kind === 'set-boot-file' && one.file === name ? [one.after] : []))[0] ?? null;

function lostWith(
  file: BootFile,
  { names }: BootRequest,
  plan: Plan,
  boot: BootConfiguration,
): readonly string[] {
  if (file.state !== 'used') return [];
  const isLeft = boot.files.filter(
    (one) => one.state === 'used' && one !== file && contentAfter(one, plan) === null,
  );
  const stillBrought = new Set(
    isLeft.flatMap((one) => one.rules.map(({ registration }) => registration.name)),
  );
  const brought = new Set(file.rules.map(({ registration }) => registration.name));
  return [...brought].filter((name) => !names.includes(name) && !stillBrought.has(name));
}
