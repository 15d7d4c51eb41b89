import { formatRegisterLine, type Registration } from './register-line.ts';

/**
 * An entry that replaces another of its own name is registered under a name of its own first: so there is always one
 * that works, and one that the kernel refuses costs nothing. What a replacement that was cut off leaves tells by its
 * name what it is.
 */
const SUFFIX = '~trial';

export const trialNameOf = (name: string): string => `${name}${SUFFIX}`;

/** The name of the entry of which this is the trial; null where it is none. */
export const nameOfTrial = (name: string): string | null =>
  name.endsWith(SUFFIX) && name !== SUFFIX ? name.slice(0, -SUFFIX.length) : null;

/** What is registered first in place of an entry of the same name. */
export const trialOf = (registration: Registration): Registration => ({
  ...registration,
  name: trialNameOf(registration.name),
});

/** Whether the kernel would refuse the trial only because its name is longer. */
export const isTooLongToTry = (registration: Registration): boolean =>
  formatRegisterLine(registration).ok && !formatRegisterLine(trialOf(registration)).ok;

/** Why it cannot replace an entry of its name, as a sentence; null when it can. */
export const problemOfTrial = (registration: Registration): string | null =>
  isTooLongToTry(registration)
    ? `${registration.name} cannot be replaced: ${TOO_LONG_TO_TRY}. Unregister it first.`
    : null;

/** Why an entry is not replaced by something that {@link isTooLongToTry}; the end of a sentence. */
export const TOO_LONG_TO_TRY = 'its register line is too long to be tried first under another name';
