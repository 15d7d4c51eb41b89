import type { Operation } from './operations.ts';
import { INTERPRETER_DIRECTORY, type PlacedFile, targetsOfFileName } from './placing.ts';
import { defaultRegisterOptions } from './register-options.ts';
import { type Existing, planTargets, type TargetWish } from './register-request.ts';
import type { PlannedRequest } from './requests.ts';
import { type Result, success } from './result.ts';
import type { Snapshot } from './snapshot.ts';
import { emulatorNameOf, type Target } from './targets.ts';

/**
 * Puts emulators that were unpacked into their place, and registers what they emulate. Only the main process asks for
 * it: it names a directory that root copies from.
 */
export interface PlaceRequest {
  readonly kind: 'place';
  /** 32 hex digits, new each time. */
  readonly id: string;
  /** Where they are now. */
  readonly from: string;
  readonly files: readonly PlacedFile[];
  /** What to do about targets that something serves already; `no`: register nothing. */
  readonly register: 'no' | Existing;
}

/** The plan that puts emulators into their place and registers what they emulate, or why there is none. */
export function planPlacing(
  { id, from, files, register }: PlaceRequest,
  snapshot: Snapshot,
): Result<PlannedRequest, string> {
  const placing: Operation = { kind: 'place-interpreters', id, from, files };
  if (register === 'no') return success({ plan: [placing], leftAlone: [] });
  const own = new Set<string>();
  const wishes: TargetWish[] = [];
  for (const [target, path] of emulatorsAmong(files)) {
    const options = { ...defaultRegisterOptions, interpreter: { kind: 'file', path } } as const;
    if (target.family === snapshot.host.family) own.add(emulatorNameOf(target));
    else wishes.push({ target, options });
  }
  const registering = planTargets(wishes, { existing: register }, snapshot);
  if (!registering.ok) return registering;
  const leftAlone = [...own].map(
    (name) => `${name}: not registered, because this machine runs its programs itself`,
  );
  return success({ plan: [placing, ...registering.value], leftAlone });
}

/** The targets that these files emulate, each with the path of its emulator: of two the one that QEMU calls static. */
function emulatorsAmong(files: readonly PlacedFile[]): ReadonlyMap<Target, string> {
  const staticLast = [...files].sort((one, other) => Number(isStatic(one)) - Number(isStatic(other)));
  return new Map(
    staticLast.flatMap(({ name }) =>
      targetsOfFileName(name).map((target) => [target, `${INTERPRETER_DIRECTORY}/${name}`] as const),
    ),
  );
}

const isStatic = ({ name }: PlacedFile): boolean => name.endsWith('-static');
