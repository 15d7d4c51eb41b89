import { buildAndTell } from '../give.ts';
import type { Call, ExitStatus } from '../verb.ts';

/** `tarball`: packs emulators as the release files of multiarch/qemu-user-static are packed. */
export const run = (call: Call): Promise<ExitStatus> =>
  buildAndTell(call, typeof call.options.output === 'string' ? call.options.output : '.', (emulators) => ({
    kind: 'tarballs',
    emulators,
  }));
