import {
  type Distribution,
  distributionOf,
  distributions,
  installCommandOf,
  type PackageManager,
} from '../../binfmt/distribution.ts';
import { failure, type Result, success } from '../../binfmt/result.ts';
import { queryApk } from './apk.ts';
import { queryApt } from './apt.ts';
import { queryDnf } from './dnf.ts';
import type { FoundPackages, QueryPackages, QueryProblem } from './package-query.ts';
import { queryPacman } from './pacman.ts';
import { programs } from './programs.ts';
import { type System, thisSystem } from './system.ts';
import { queryZypper } from './zypper.ts';

/** What installing QEMU from the distribution would mean here. */
export interface InstallationPlan extends FoundPackages {
  readonly manager: PackageManager;
  readonly packages: readonly string[];
  /** What it registers by itself, a sentence. */
  readonly registers: string;
  /** What a person could type instead. */
  readonly command: string;
}

/** Why nothing can be installed, and what a person can type; null where there is nothing to type. */
export interface InstallationObstacle {
  readonly kind: 'installed' | 'impossible';
  readonly sentence: string;
  readonly command: string | null;
}

interface Tool {
  readonly query: QueryPackages;
  /** The command that fetches the lists of packages anew and installs. */
  readonly refreshCommand: (packages: string) => string;
}

const tools: Readonly<Record<PackageManager, Tool>> = {
  apt: {
    query: queryApt,
    refreshCommand: (packages) => `sudo apt update && sudo apt install ${packages}`,
  },
  dnf: {
    query: queryDnf,
    refreshCommand: (packages) => `sudo dnf install --refresh ${packages}`,
  },
  pacman: {
    query: queryPacman,
    // The lists alone must not be fetched anew: Arch supports no partial upgrades.
    refreshCommand: (packages) => `sudo pacman -Syu ${packages}`,
  },
  zypper: {
    query: queryZypper,
    refreshCommand: (packages) => `sudo zypper refresh && sudo zypper install ${packages}`,
  },
  apk: {
    query: queryApk,
    refreshCommand: (packages) => `sudo apk add --update-cache ${packages}`,
  },
};

/**
 * Finds out what would be installed, by what os-release(5) says and by the tools that are there, and asks them as an
 * ordinary user. Nothing is changed.
 */
export async function planInstallation(
  system: System = thisSystem,
): Promise<Result<InstallationPlan, InstallationObstacle>> {
  if (system.isThere('/run/ostree-booted')) return failure(imageBased);
  const distribution = distributionHere(system);
  if (distribution === null) return failure(noManager);
  const { manager, packages: choices } = distribution;
  for (const packages of choices) {
    const found = await tools[manager].query(system, packages);
    if (found.ok) {
      const command = installCommandOf(manager, packages);
      const registers = registeringOf(manager, system);
      return success({ ...found.value, manager, packages, registers, command });
    }
    if (found.problem.kind !== 'unknown') return failure(obstacleOf(found.problem, manager, packages));
  }
  return failure(obstacleOf({ kind: 'unknown' }, manager, choices[0]));
}

/** What os-release(5) tells, where its tool is there; else the first whose tool is. */
function distributionHere(system: System): Distribution | null {
  const isUsable = ({ manager }: Distribution): boolean => system.isThere(programs[manager]);
  const told = distributionOf(system.osRelease());
  return told !== null && isUsable(told) ? told : (distributions.find(isUsable) ?? null);
}

const orFromFile = 'Or take the interpreters from a file.';

const imageBased: InstallationObstacle = {
  kind: 'impossible',
  sentence:
    'This system is made of images, and packages come into it with the next start only. ' +
    `Install QEMU’s and start anew. ${orFromFile}`,
  command: 'sudo rpm-ostree install qemu-user-static',
};

const noManager: InstallationObstacle = {
  kind: 'impossible',
  sentence:
    'There is no package manager here that this program knows (apt, dnf, pacman, zypper, apk). ' +
    `Install QEMU’s user-mode emulators in the way of this system. ${orFromFile}`,
  command: null,
};

function obstacleOf(
  problem: QueryProblem,
  manager: PackageManager,
  packages: readonly string[],
): InstallationObstacle {
  const names = packages.join(' ');
  switch (problem.kind) {
    case 'unknown':
      return {
        kind: 'impossible',
        sentence:
          `${manager} knows no package ${packages.join(' and ')}. Its lists may be missing or old: fetch them and try again. ` +
          orFromFile,
        command: tools[manager].refreshCommand(names),
      };
    case 'installed':
      return {
        kind: 'installed',
        sentence: `${packages.join(' and ')} ${packages.length > 1 ? 'are' : 'is'} installed already.`,
        command: null,
      };
    case 'refused':
      return {
        kind: 'impossible',
        sentence: `${manager} cannot install ${packages.join(' and ')}: ${problem.message}`,
        command: installCommandOf(manager, packages),
      };
  }
}

/**
 * Debian: systemd's dpkg trigger on /usr/lib/binfmt.d, or the package's postinst where binfmt-support is. Fedora: the
 * packages' %post restarts systemd-binfmt. Arch: systemd's hook 30-systemd-binfmt. openSUSE ships the configuration.
 */
function registeringOf(manager: PackageManager, system: System): string {
  const hasSystemd = system.isThere('/run/systemd/system');
  const byItself = 'It registers its targets by itself, now and at every start.';
  const nothing = 'It registers nothing by itself here: register targets with this program afterwards.';
  switch (manager) {
    case 'apt':
      return hasSystemd || system.isThere('/usr/sbin/update-binfmts') ? byItself : nothing;
    case 'dnf':
    case 'pacman':
      return hasSystemd ? byItself : nothing;
    case 'zypper':
      return hasSystemd ? 'It brings what systemd registers its targets by at every start.' : nothing;
    case 'apk':
      return nothing;
  }
}
