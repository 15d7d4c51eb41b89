import type { PackageManager } from '../../binfmt/distribution.ts';

/** Where each package manager is on its distributions: root runs nothing that is found by searching. */
export const programs: Readonly<Record<PackageManager, string>> = {
  apt: '/usr/bin/apt-get',
  dnf: '/usr/bin/dnf',
  pacman: '/usr/bin/pacman',
  zypper: '/usr/bin/zypper',
  apk: '/sbin/apk',
};
