import { readFileSync } from 'node:fs';
import os from 'node:os';
import { familyOfMachine } from './targets.ts';

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
  return {
    machine,
    family: familyOfMachine(machine),
    kernelRelease: os.release(),
    installCommand: installCommandFor(readOsRelease()),
  };
}

const installCommands: readonly { readonly ids: readonly string[]; readonly command: string }[] = [
  { ids: ['debian', 'ubuntu'], command: 'sudo apt install qemu-user-static' },
  { ids: ['fedora', 'rhel', 'centos'], command: 'sudo dnf install qemu-user-static' },
  { ids: ['arch'], command: 'sudo pacman -S qemu-user-static qemu-user-static-binfmt' },
  { ids: ['suse', 'opensuse', 'sles'], command: 'sudo zypper install qemu-linux-user' },
  { ids: ['alpine'], command: 'sudo apk add qemu-aarch64 qemu-arm qemu-riscv64' },
];

/** The command for the distribution that os-release(5) describes, by its ID or those it is like. */
export function installCommandFor(osRelease: string): string | null {
  const field = (key: string): string =>
    new RegExp(`^${key}=["']?([^"'\\n]*)`, 'm').exec(osRelease)?.[1] ?? '';
  const ids = [field('ID'), ...field('ID_LIKE').split(' ')].filter((id) => id !== '');
  for (const id of ids) {
    const match = installCommands.find((one) =>
      one.ids.some((known) => id === known || id.startsWith(`${known}-`)),
    );
    if (match !== undefined) return match.command;
  }
  return null;
}

function readOsRelease(): string {
  for (const path of ['/etc/os-release', '/usr/lib/os-release']) {
    try {
      return readFileSync(path, 'utf8');
    } catch {
      // The second path is the fallback that os-release(5) names.
    }
  }
  return '';
}
