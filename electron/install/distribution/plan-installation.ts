import {
  type Distribution,
  distributionOf,
  distributions,
  installCommandOf,
  type PackageManager,
} from '../../binfmt/distribution.ts';
import { failure, type Result, success } from '../../binfmt/result.ts';
import { familyOfMachine } from '../../binfmt/targets.ts';
import { queryApk } from './apk.ts';
import { queryApt } from './apt.ts';
import { queryDnf } from './dnf.ts';
import { inWords } from './in-words.ts';
import type { FoundPackages, QueryPackages, QueryProblem } from './package-query.ts';
import { queryPacman } from './pacman.ts';
import { programs } from './programs.ts';
import { type System, thisSystem } from './system.ts';
import { queryZypper } from './zypper.ts';

/** What installing QEMU from the distribution would mean here. */
export interface InstallationPlan extends Omit<FoundPackages, 'registering'> {
  readonly manager: PackageManager;
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
  const { manager } = distribution;
  const choices = distribution.packages(familyOfMachine(system.machine));
  for (const packages of choices) {
    const found = await tools[manager].query(system, packages);
    if (found.ok) {
      const { registering, ...plan } = found.value;
      const command = installCommandOf(manager, plan.packages);
      return success({ ...plan, manager, registers: sentences[registering], command });
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
          `${manager} knows no package ${inWords(packages)}. Its lists may be missing or old: fetch them and try again. ` +
          orFromFile,
        command: tools[manager].refreshCommand(names),
      };
    case 'installed':
      return {
        kind: 'installed',
        sentence: `${inWords(packages)} ${packages.length > 1 ? 'are' : 'is'} installed already.`,
        command: null,
      };
    case 'refused':
      return {
        kind: 'impossible',
        sentence: `${manager} cannot install ${inWords(packages)}: ${problem.message}`,
        command: installCommandOf(manager, packages),
      };
  }
}

const sentences: Readonly<Record<FoundPackages['registering'], string>> = {
  now: 'It registers its targets by itself, now and at every start.',
  'next start': 'It brings what systemd registers its targets by at every start.',
  never: 'It registers nothing by itself here: register targets with this program afterwards.',
};
