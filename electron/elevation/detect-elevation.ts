import { existsSync, readFileSync, statSync } from 'node:fs';
import { mountAt } from '../binfmt/mounts.ts';
import { BINFMT_MISC } from '../binfmt/reader.ts';
import type { Elevation } from './elevate.ts';
import { type Obstacle, obstacles } from './problem.ts';

const PKEXEC = '/usr/bin/pkexec';

/** Finds out how root can be had, without asking anybody. */
export function detectElevation(): Elevation {
  const obstacle = isBinfmtMiscReadOnly() ? obstacles.mountedReadOnly : obstacleToRoot();
  if (obstacle !== null) return { kind: 'unavailable', ...obstacle };
  return { kind: process.geteuid?.() === 0 ? 'root' : 'prompt' };
}

function isBinfmtMiscReadOnly(): boolean {
  const mount = mountAt(BINFMT_MISC);
  return mount !== null && mount.type === 'binfmt_misc' && mount.options.has('ro');
}

function obstacleToRoot(): Obstacle | null {
  if (process.geteuid?.() === 0) return null;
  const pkexec = statSync(PKEXEC, { throwIfNoEntry: false });
  if (pkexec === undefined || !pkexec.isFile()) return obstacles.noPkexec;
  if (/^NoNewPrivs:\s*1$/m.test(readFileSync('/proc/self/status', 'latin1')))
    return obstacles.noNewPrivileges;
  if (pkexec.uid !== 0 || (pkexec.mode & 0o4000) === 0) return obstacles.notSetuid;
  if (mountAt(PKEXEC)?.options.has('nosuid')) return obstacles.mountedNosuid;
  // Whether polkit itself runs, and an agent, only asking would tell: the bus starts the one, and knows not of the other.
  return isSystemBusThere() ? null : obstacles.noSystemBus;
}

/** Where the D-Bus Specification has it, unless the environment says otherwise. */
const isSystemBusThere = (): boolean =>
  process.env.DBUS_SYSTEM_BUS_ADDRESS !== undefined ||
  ['/run', '/var/run'].some((directory) => existsSync(`${directory}/dbus/system_bus_socket`));
