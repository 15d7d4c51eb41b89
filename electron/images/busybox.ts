import { failure, type Result, success } from '../binfmt/result.ts';
import { type EmulatorRequest, type HostProgram, inspectProgram } from './emulators.ts';
import { explainFileError, Obstacle } from './failures.ts';

/** Where distributions put a static busybox: Debian and Fedora, and Alpine's busybox-static. */
const places = ['/bin/busybox', '/usr/bin/busybox', '/sbin/busybox', '/bin/busybox.static'];

/**
 * The static busybox at `path`, or where `path` is null the first of this machine. It is not run. A problem is a
 * sentence.
 */
export async function findBusybox(
  path: string | null,
  request: Pick<EmulatorRequest, 'machine' | 'sourceDateEpoch'>,
): Promise<Result<HostProgram, string>> {
  for (const place of path === null ? places : [path]) {
    try {
      return success(await inspectProgram(place, request));
    } catch (error) {
      const isMissing = (error as NodeJS.ErrnoException).code === 'ENOENT' || error instanceof Obstacle;
      if (path !== null || !isMissing) return failure(explainFileError(error, place));
    }
  }
  return failure(
    'The images register and latest need a shell that needs nothing else, and there is no static busybox here. ' +
      'Install the package busybox-static (Fedora: busybox), or leave these two images out.',
  );
}
