import { createHash } from 'node:crypto';
import { failure, type Result, success } from '../binfmt/result.ts';
import { withDockerLogin } from './docker-login.ts';
import { inParallel } from './in-parallel.ts';
import { readLayoutTags } from './layout.ts';
import { type BlobSizes, blobsInLayout } from './layout-blobs.ts';
import type { PlannedTag } from './planned-tag.ts';
import {
  explainNoRepository,
  nameOfRepository,
  parseRepository,
  type Repository,
} from './repository-name.ts';
import { SentBytes } from './sent-bytes.ts';
import {
  type Access,
  type PublishProblem,
  remoteImage,
  runSkopeo,
  saysNotThere,
  stopped,
  tlsOption,
} from './skopeo.ts';

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
  /** Of what is sent; null while only questions are asked. */
  readonly bytes: { readonly sent: number; readonly total: number } | null;
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
  return await withDockerLogin(repository.registry, async (authFile) => {
    const access = { repository, authFile };
    const present = await listTags(access, signal);
    if (!present.ok) return failure(present.problem);
    let done = 0;
    const compare = async ({ tag, digest }: LocalTag, stop: AbortSignal): Promise<PlannedTag> => {
      const isAbsent = present.value !== null && !present.value.has(tag);
      const state = isAbsent ? 'new' : await stateAt(access, { tag, digest }, stop);
      done += 1;
      report({ tag, done, total: local.value.length, bytes: null });
      return { tag, digest, state };
    };
    try {
      const tags = await inParallel(local.value, QUESTIONS_AT_ONCE, signal, compare);
      return success({ layout, repository, tags });
    } catch (error) {
      if (error instanceof Interruption) return failure(error.problem);
      if (signal?.aborted) return failure(stopped);
      throw error;
    }
  });
}

type LocalTag = Pick<PlannedTag, 'tag' | 'digest'>;

/**
 * Sends what a plan says is not there already, one tag after the other, and returns those tags. Blobs the registry has
 * are not sent, so stopping (by the signal, or for a problem) and planning anew goes on where it ended.
 */
export async function publish(
  { layout, repository, tags }: Publication,
  report: (progress: PublishProgress) => void = () => {},
  signal?: AbortSignal,
): Promise<Result<readonly string[], InterruptedPublication>> {
  const toSend = tags.filter(({ state }) => state !== 'same');
  const bytes = new SentBytes(await blobsOfTags(layout, toSend));
  const sent: string[] = [];
  const tell = (tag: string): void =>
    report({
      tag,
      done: sent.length,
      total: toSend.length,
      bytes: { sent: bytes.sent, total: bytes.total },
    });
  return await withDockerLogin(repository.registry, async (authFile) => {
    for (const { tag } of toSend) {
      if (signal?.aborted) return failure({ ...stopped, sent });
      tell(tag);
      const copied = await send(layout, tag, { repository, authFile }, signal, (pid) =>
        bytes.follow(tag, pid, () => tell(tag)),
      );
      if (!copied.ok) return failure({ ...copied.problem, sent });
      sent.push(tag);
      bytes.finish(tag);
      tell(tag);
    }
    return success(sent);
  });
}

async function send(
  layout: string,
  tag: string,
  access: Access,
  signal: AbortSignal | undefined,
  follow: (pid: number) => () => void,
): Promise<Result<unknown, PublishProblem>> {
  const { repository } = access;
  // The format is forced so that the digest stays: a registry that does not know it refuses instead.
  const options = ['--format', 'oci', ...tlsOption('dest-tls-verify', repository)];
  const args = ['copy', ...options, `oci:${layout}:${tag}`, remoteImage(repository, tag)];
  let stopFollowing = (): void => undefined;
  const copied = await runSkopeo(args, access, signal, (pid) => {
    stopFollowing = follow(pid);
  });
  stopFollowing();
  return copied;
}

/** What cannot be read counts nothing: sending it says what is wrong. */
async function blobsOfTags(
  layout: string,
  tags: readonly LocalTag[],
): Promise<ReadonlyMap<string, BlobSizes>> {
  const blobs = await Promise.all(
    tags.map(async ({ tag, digest }) => [tag, (await blobsInLayout(layout, digest)) ?? new Map()] as const),
  );
  return new Map(blobs);
}

/** Carries a problem out of the questions that run side by side. */
class Interruption extends Error {
  constructor(readonly problem: PublishProblem) {
    super(problem.reason);
  }
}

/**
 * The tags the registry has. None where it says that there is no such repository; null where it denies the list: some
 * show no repository before it is there, and some no lists at all.
 */
async function listTags(
  access: Access,
  signal: AbortSignal | undefined,
): Promise<Result<ReadonlySet<string> | null, PublishProblem>> {
  const { repository } = access;
  const listed = await runSkopeo(
    ['list-tags', ...tlsOption('tls-verify', repository), `docker://${nameOfRepository(repository)}`],
    access,
    signal,
  );
  if (listed.ok) {
    const { Tags } = JSON.parse(listed.value.toString()) as { readonly Tags?: readonly string[] };
    return success(new Set(Tags));
  }
  if (saysNotThere(listed.problem.reason)) return success(new Set());
  return listed.problem.kind === 'denied' ? success(null) : failure(listed.problem);
}

/** What a tag is at the registry. Throws an {@link Interruption}. */
async function stateAt(
  access: Access,
  { tag, digest }: LocalTag,
  signal: AbortSignal,
): Promise<PlannedTag['state']> {
  const { repository } = access;
  const options = ['--raw', ...tlsOption('tls-verify', repository)];
  const manifest = await runSkopeo(['inspect', ...options, remoteImage(repository, tag)], access, signal);
  if (!manifest.ok) {
    if (saysNotThere(manifest.problem.reason)) return 'new';
    if (manifest.problem.kind === 'denied') return 'unknown';
    throw new Interruption(manifest.problem);
  }
  // A manifest's digest is that of its bytes.
  const remote = `sha256:${createHash('sha256').update(manifest.value).digest('hex')}`;
  return remote === digest ? 'same' : 'different';
}
