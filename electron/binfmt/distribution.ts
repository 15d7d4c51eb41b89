/** The tools that install packages, by the names people know them by. */
export type PackageManager = 'apt' | 'dnf' | 'pacman' | 'zypper' | 'apk';

/** Where QEMU's user-mode emulators come from on a family of distributions. */
export interface Distribution {
  /** ID and ID_LIKE of os-release(5). */
  readonly ids: readonly string[];
  readonly manager: PackageManager;
  /** What to install; the second choice is for releases that have no package of the first any more. */
  readonly packages: readonly [readonly string[], ...(readonly string[])[]];
}

export const distributions: readonly Distribution[] = [
  {
    ids: ['debian', 'ubuntu'],
    manager: 'apt',
    packages: [['qemu-user-static'], ['qemu-user', 'qemu-user-binfmt']],
  },
  { ids: ['fedora', 'rhel', 'centos'], manager: 'dnf', packages: [['qemu-user-static']] },
  { ids: ['arch'], manager: 'pacman', packages: [['qemu-user-static', 'qemu-user-static-binfmt']] },
  { ids: ['suse', 'opensuse', 'sles'], manager: 'zypper', packages: [['qemu-linux-user']] },
  { ids: ['alpine'], manager: 'apk', packages: [['qemu-aarch64', 'qemu-arm', 'qemu-riscv64']] },
];

const installCommands: Readonly<Record<PackageManager, string>> = {
  apt: 'apt install',
  dnf: 'dnf install',
  pacman: 'pacman -S',
  zypper: 'zypper install',
  apk: 'apk add',
};

/** The distribution that os-release(5) describes, by its ID or those it is like; null for one not known to us. */
export function distributionOf(osRelease: string): Distribution | null {
  const field = (key: string): string =>
    new RegExp(`^${key}=["']?([^"'\\n]*)`, 'm').exec(osRelease)?.[1] ?? '';
  const ids = [field('ID'), ...field('ID_LIKE').split(' ')].filter((id) => id !== '');
  for (const id of ids) {
    const match = distributions.find((one) =>
      one.ids.some((known) => id === known || id.startsWith(`${known}-`)),
    );
    if (match !== undefined) return match;
  }
  return null;
}

/** What installing packages does, in plain words. */
export const describeInstallation = (manager: PackageManager, packages: readonly string[]): string =>
  `Download and install ${packages.join(' and ')} with ${manager}`;

/** The command with which a person installs packages. */
export const installCommandOf = (manager: PackageManager, packages: readonly string[]): string =>
  `sudo ${installCommands[manager]} ${packages.join(' ')}`;

/** The command for the distribution that os-release(5) describes; null for one not known to us. */
export function installCommandFor(osRelease: string): string | null {
  const distribution = distributionOf(osRelease);
  return distribution === null ? null : installCommandOf(distribution.manager, distribution.packages[0]);
}
