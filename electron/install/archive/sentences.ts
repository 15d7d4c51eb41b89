import type { UnpackingFailure } from './archive-reader.ts';
import { archiveLimits } from './limits.ts';

const MiB = 1024 * 1024;

/** What a person is told of a failure; `name` is the archive's or the folder's. */
export function sentenceOf({ reason, message }: UnpackingFailure, name: string): string {
  switch (reason) {
    case 'damaged':
      return `${name} is damaged or cut off${message === '' ? '' : ` (${message})`}. Fetch it again.`;
    case 'bomb':
      return `${name} would unpack to far more than any package of emulators holds, so it was given up. Do not trust it.`;
    case 'memory':
      return (
        `Unpacking ${name} would take more than ${archiveLimits.memoryBytes / MiB} MB of memory, so it was given up. ` +
        'Pack it again with a smaller dictionary.'
      );
    case 'silent':
      return `${name} kept the program busy for ${archiveLimits.silenceMs / 1000} seconds without getting on, so it was given up. Do not trust it.`;
    case 'large':
      return tooLargeSentence;
    case 'write':
      return notWritten(message);
    case 'cancelled':
      return cancelledSentence;
  }
}

/** Of one member. */
export const tooLargeSentence = `It is larger than ${archiveLimits.programBytes / MiB} MB, which no emulator is.`;

export const cancelledSentence = 'Nothing was done: it was cancelled.';

/** Why unpacked files could not be written; `message` is the system's. */
export const notWritten = (message: string): string =>
  /ENOSPC|EDQUOT/.test(message)
    ? 'There is no room left on the disk for unpacking. Make room and try again.'
    : `The programs could not be unpacked: ${message}`;

/** A path from an archive, short enough for a sentence. */
export const shown = (path: string): string => (path.length > 200 ? `${path.slice(0, 200)}…` : path);
