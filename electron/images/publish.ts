import { createHash } from 'node:crypto';
import { failure, type Result, success } from '../binfmt/result.ts';
import { inParallel } from './in-parallel.ts';
import { readLayoutTags } from './layout.ts';
import {
  explainNoRepository,
  nameOfRepository,
  parseRepository,
  type Repository,
} from './repository-name.ts';
import { type PublishProblem, remoteImage, runSkopeo, saysNotThere, stopped, tlsOption } from './skopeo.ts';

/** What a tag is at the registry, next to what it is here. */
export interface PlannedTag {
  readonly tag: string;
  /** Of the manifest here. */
  readonly digest: string;
  /** `new`: not there; `same`: there with this digest, and not sent; `different`: there, to be replaced. */
  readonly state: 'new' | 'same' | 'different';
}

/** What publishing a layout would send. */
export interface Publication {
  /** The directory with the image layout. */
  readonly layout: string;
  readonly repository: Repository;
  readonly tags: readonly PlannedTag[];
}

/** How far publishing or planning is: the tag that is done, or being sent. */
export interface PublishProgress {
  readonly tag: string;
  readonly done: number;
  readonly total: number;
}

/** Why publishing ended early, and which tags were sent before. */
export interface InterruptedPublication extends PublishProblem {
  readonly sent: readonly string[];
}

/** Registries answer several questions at once; more would look like an attack. */
const QUESTIONS_AT_ONCE = 4;

/**
 * Compares every tag of an image layout with what the registry has, by digest, and sends nothing. `name` is a
 * registry and a repository: `registry.example.org/team/qemu-user-static`.
 */
export async function planPublication(
  layout: string,
  name: string,
  report: (progress: PublishProgress) => void = () => {},
  signal?: AbortSignal,
): Promise<Result<Publication, PublishProblem>> {
  const repository = parseRepository(name);
  if (repository === null) return failure({ kind: 'other', reason: explainNoRepository(name) });
  const local = await readLayoutTags(layout);
  if (!local.ok) return failure({ kind: 'other', reason: local.problem });
  const present = await listTags(repository, signal);
  if (!present.ok) return failure(present.problem);

  let done = 0;
  const compare = async ({ tag, digest }: { tag: string; digest: string }, stop: AbortSignal) => {
    const remote = present.value.has(tag) ? await digestAt(repository, tag, stop) : success(null);
    if (!remote.ok) throw new Interruption(remote.problem);
    done += 1;
    report({ tag, done, total: local.value.length });
    return { tag, digest, state: stateOf(digest, remote.value) };
  };
  try {
    const tags = await inParallel(local.value, QUESTIONS_AT_ONCE, signal, compare);
    return success({ layout, repository, tags });
  } catch (error) {
    if (error instanceof Interruption) return failure(error.problem);
    if (signal?.aborted) return failure(stopped);
    throw error;
  }
}

/**
 * Sends what a plan says is new or different, one tag after the other, and returns those tags. Blobs the registry has
 * are not sent, so stopping (by the signal, or for a problem) and planning anew goes on where it ended.
 */
export async function publish(
  { layout, repository, tags }: Publication,
  report: (progress: PublishProgress) => void = () => {},
  signal?: AbortSignal,
): Promise<Result<readonly string[], InterruptedPublication>> {
  const toSend = tags.filter(({ state }) => state !== 'same').map(({ tag }) => tag);
  const sent: string[] = [];
  for (const tag of toSend) {
    if (signal?.aborted) return failure({ ...stopped, sent });
    report({ tag, done: sent.length, total: toSend.length });
    // The format is forced so that the digest stays: a registry that does not know it refuses instead.
    const options = ['--format', 'oci', ...tlsOption('dest-tls-verify', repository)];
    const copied = await runSkopeo(
      ['copy', ...options, `oci:${layout}:${tag}`, remoteImage(repository, tag)],
      repository,
      signal,
    );
    if (!copied.ok) return failure({ ...copied.problem, sent });
    sent.push(tag);
    report({ tag, done: sent.length, total: toSend.length });
  }
  return success(sent);
}

/** Carries a problem out of the questions that run side by side. */
class Interruption extends Error {
  constructor(readonly problem: PublishProblem) {
    super(problem.reason);
  }
}

const stateOf = (digest: string, remote: string | null): PlannedTag['state'] => {
  if (remote === null) return 'new';
  return remote === digest ? 'same' : 'different';
};

/**
 * The tags the registry has. None where it says that there is no such repository, or denies it: some do not show
 * a repository before it is there. Whether it may be written to shows when it is.
 */
async function listTags(
  repository: Repository,
  signal: AbortSignal | undefined,
): Promise<Result<ReadonlySet<string>, PublishProblem>> {
  const listed = await runSkopeo(
    ['list-tags', ...tlsOption('tls-verify', repository), `docker://${nameOfRepository(repository)}`],
    repository,
    signal,
  );
  if (listed.ok) {
    const { Tags } = JSON.parse(listed.value.toString()) as { readonly Tags?: readonly string[] };
    return success(new Set(Tags));
  }
  const { kind, reason } = listed.problem;
  return kind === 'denied' || saysNotThere(reason) ? success(new Set()) : failure(listed.problem);
}

/** The digest of the manifest that a registry has under a tag: that of its bytes. */
async function digestAt(
  repository: Repository,
  tag: string,
  signal: AbortSignal,
): Promise<Result<string, PublishProblem>> {
  const options = ['--raw', ...tlsOption('tls-verify', repository)];
  const manifest = await runSkopeo(['inspect', ...options, remoteImage(repository, tag)], repository, signal);
  if (!manifest.ok) return manifest;
  return success(`sha256:${createHash('sha256').update(manifest.value).digest('hex')}`);
}
