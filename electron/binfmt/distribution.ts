import { targetNamed } from './targets.ts';

/** The tools that install packages, by the names people know them by. */
export type PackageManager = 'apt' | 'dnf' | 'pacman' | 'zypper' | 'apk';

/** Where QEMU's user-mode emulators come from on a family of distributions. */
export interface Distribution {
  /** ID and ID_LIKE of os-release(5). */
  readonly ids: readonly string[];
  readonly manager: PackageManager;
  /**
   * What to install on a machine that runs this family of targets itself; the second choice is for releases that have no
   * package of the first any more.
   */
  readonly packages: (family: string) => PackageChoices;
}

type PackageChoices = readonly [readonly string[], ...(readonly string[])[]];

const always =
  (...choices: PackageChoices) =>
  (): PackageChoices =>
    choices;

/** Alpine has a package for each target; these are asked for most. */
const onAlpine = ['aarch64', 'arm', 'riscv64', 'x86_64'];

export const distributions: readonly Distribution[] = [
  {
    ids: ['debian', 'ubuntu'],
    manager: 'apt',
    packages: always(['qemu-user-static'], ['qemu-user', 'qemu-user-binfmt']),
  },
  { ids: ['fedora', 'rhel', 'centos'], manager: 'dnf', packages: always(['qemu-user-static']) },
  { ids: ['arch'], manager: 'pacman', packages: always(['qemu-user-static', 'qemu-user-static-binfmt']) },
  { ids: ['suse', 'opensuse', 'sles'], manager: 'zypper', packages: always(['qemu-linux-user']) },
  {
    ids: ['alpine'],
    manager: 'apk',
    packages: (family) => [
      onAlpine.filter((name) => targetNamed(name)?.family !== family).map((name) => `qemu-${name}`),
    ],
  },
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

/**
 * The command for the distribution that os-release(5) describes, on a machine that runs this family of targets itself;
 * null for a distribution not known to us.
 */
export function installCommandFor(osRelease: string, family: string): string | null {
  const distribution = distributionOf(osRelease);
  return distribution === null
    ? null
    : installCommandOf(distribution.manager, distribution.packages(family)[0]);
}
