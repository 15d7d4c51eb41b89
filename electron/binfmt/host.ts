import { readFileSync } from 'node:fs';
import os from 'node:os';
import { installCommandFor } from './distribution.ts';
import { familyOfMachine } from './targets.ts';

export { installCommandFor } from './distribution.ts';

/** The machine this program runs on. */
export interface Host {
  /** As `uname -m` names it. */
  readonly machine: string;
  /** The family of targets that the machine runs itself, or may run. */
  readonly family: string;
  /** The kernel's release, `6.18.44-generic`. */
  readonly kernelRelease: string;
  /** The command that installs QEMU's user-mode emulators here, null on a distribution not known to us. */
  readonly installCommand: string | null;
}

/** Reads what does not change while the program runs. Throws nothing. */
export function readHost(): Host {
  const machine = os.machine();
  const family = familyOfMachine(machine);
  return {
    machine,
    family,
    kernelRelease: os.release(),
    installCommand: installCommandFor(readOsRelease(), family),
  };
}

/** What os-release(5) says of this system; empty where it says nothing. */
export function readOsRelease(): string {
  for (const path of ['/etc/os-release', '/usr/lib/os-release']) {
    try {
      return readFileSync(path, 'utf8');
    } catch {
      // The second path is the fallback that os-release(5) names.
    }
  }
  return '';
}
