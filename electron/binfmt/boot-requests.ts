import { isDeepStrictEqual } from 'node:util';
import type { BootConfiguration } from './boot/boot-configuration.ts';
import {
  type BootFileOperation,
  type BootSource,
  namesIn,
  placeFor,
  planDropping,
  planKeeping,
  sourcesInTheWay,
  sourcesOf,
} from './boot-changes.ts';
import type { DesiredEntry } from './exchange/desired-entry.ts';
import { bootFilePath, type Plan } from './operations.ts';
import { failure, type Result, success } from './result.ts';
import type { Snapshot } from './snapshot.ts';

/** A file as a person was shown it before agreeing to its change. */
export interface ShownFile {
  readonly path: string;
  /** A string of bytes; empty where there is nothing to read, such as at the end of a mask. */
  readonly text: string;
  /** Where it leads, where it is a link: a string of bytes. */
  readonly link: string | null;
}

export type BootRequest =
  /** Has each of these entries come back at boot as it is registered now. */
  | {
      readonly kind: 'keep-at-boot';
      readonly names: readonly string[];
      readonly agreed: readonly ShownFile[];
    }
  /** Has none of these entries come back at boot. */
  | {
      readonly kind: 'not-at-boot';
      readonly names: readonly string[];
      readonly agreed: readonly ShownFile[];
    };

/** The entries that a start of the machine leaves, in match order: what is registered last comes first. */
export const desiredAtBoot = ({ rules }: BootConfiguration): readonly DesiredEntry[] =>
  rules
    .filter(
      ({ registration: { name } }, index) =>
        !rules.slice(index + 1).some((later) => later.registration.name === name),
    )
    .map(({ registration }) => ({ registration, enabled: true }))
    .reverse();

/** The plan for a request about boot, or a sentence saying why there is none. */
export function planBootRequest(request: BootRequest, snapshot: Snapshot): Result<Plan, string> {
  const [unseen] = filesToShow(request, snapshot);
  if (unseen !== undefined) {
    const wasSeen = request.agreed.some(({ path }) => path === unseen.path);
    return failure(
      wasSeen
        ? `${unseen.path} was left alone: somebody else changed it meanwhile. Look at it again.`
        : `${unseen.path} was not written by this program alone. Look at it before it is changed.`,
    );
  }
  const plan: BootFileOperation[] = [];
  for (const name of request.names) {
    const operations =
      request.kind === 'keep-at-boot' ? planKeeping(name, snapshot) : planDropping(name, snapshot.boot);
    if (!operations.ok) return operations;
    plan.push(...operations.value);
  }
  const written = plan.filter(({ after }) => after.kind === 'text').map(bootFilePath);
  // What is in the way of one may be where another is written.
  const needed = plan.filter((one) => one.after.kind === 'text' || !written.includes(bootFilePath(one)));
  return success(withoutRepetitions(needed));
}

/**
 * The files that the request would change, replace or mask and that a person has not seen as they are now: those
 * of others, and those that also bring back something else.
 */
export function filesToShow(request: BootRequest, snapshot: Snapshot): readonly ShownFile[] {
  const { boot } = snapshot;
  const concerned = request.names.flatMap((name) =>
    request.kind === 'not-at-boot' ? sourcesOf(name, boot) : sourcesInTheWay(name, boot),
  );
  return [...new Set(concerned)]
    .filter((file) => file.author !== 'us' || bringsOthers(file, request))
    .filter((file) => isDelicate(file, request, boot))
    .map(({ path, text, link }) => ({ path, text: text ?? '', link }))
    .filter((file) => !request.agreed.some((one) => isDeepStrictEqual(one, file)));
}

const bringsOthers = (file: BootSource, { names }: BootRequest): boolean =>
  namesIn(file).some((name) => !names.includes(name));

/** A vendor's file with nothing else in it is masked without a question: it stays, and the mask can be removed. */
const isDelicate = (file: BootSource, request: BootRequest, { files }: BootConfiguration): boolean =>
  file.path === bootFilePath(placeFor(file)) ||
  files.some((one) => one.name === file.name && one.state === 'used' && bringsOthers(one, request));

function withoutRepetitions(plan: Plan): Plan {
  const seen = new Set<string>();
  return plan.filter((operation) => {
    const key = JSON.stringify(operation);
    return !seen.has(key) && seen.add(key);
  });
}
