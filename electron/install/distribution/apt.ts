import { failure, type Result, success } from '../../binfmt/result.ts';
import { type FoundPackages, type QueryPackages, type QueryProblem, sumOf } from './package-query.ts';
import { runsSystemd, type System } from './system.ts';

/**
 * What apt-get(8) is always asked with. Recommended packages stay out: qemu-user-static recommends `systemd |
 * binfmt-support` for registering at boot, and where neither is there, apt would change the init system for it.
 * Nothing may be removed: qemu-user-static and qemu-user-binfmt conflict.
 */
export const APT_OPTIONS = ['--no-install-recommends', '--no-remove', '--yes'] as const;

/** From this version on Debian's packages bring binfmt.d files, which systemd registers by a trigger of dpkg's. */
const FIRST_FOR_SYSTEMD = '1:7.0+dfsg-3';

/**
 * Asks apt-get(8). What registers the targets of a package that is too old for systemd is asked for along with it:
 * their postinst does, with update-binfmts(8), where that is there.
 */
export const queryApt: QueryPackages = async (system, packages) => {
  const found = await query(system, packages);
  if (!found.ok) return found;
  if (system.isThere('/usr/sbin/update-binfmts')) return success({ ...found.value, registering: 'now' });
  const isOld = await system.ask('dpkg', [
    '--compare-versions',
    found.value.version,
    'lt',
    FIRST_FOR_SYSTEMD,
  ]);
  if (!isOld.ok) return success({ ...found.value, registering: runsSystemd(system) ? 'now' : 'never' });
  const both = await query(system, [...packages, 'binfmt-support']);
  return success(both.ok ? { ...both.value, registering: 'now' } : { ...found.value, registering: 'never' });
};

/** Asks what apt-get would do (`--simulate`), what it would fetch (`--print-uris`), and how large that is. */
async function query(
  system: System,
  packages: readonly string[],
): Promise<Result<Omit<FoundPackages, 'registering'>, QueryProblem>> {
  const install = (...options: readonly string[]): ReturnType<typeof system.ask> =>
    system.ask('apt-get', ['install', ...options, ...APT_OPTIONS, ...packages]);

  const [simulated, uris] = await Promise.all([install('--simulate'), install('--print-uris', '-qq')]);
  if (!simulated.ok) {
    if (/Unable to locate package|has no installation candidate/.test(simulated.stderr)) {
      return failure({ kind: 'unknown' });
    }
    const message = /^E: (.+)$/m.exec(simulated.stderr)?.[1] ?? simulated.stderr.trim();
    return failure({ kind: 'refused', message });
  }
  // `Inst qemu-user-static [1:7.2] (1:8.2 Debian:12.5/stable [amd64])`, the first version being the installed one.
  const installs = [...simulated.stdout.matchAll(/^Inst (\S+) (?:\[[^\]]*\] )?\((\S+)/gm)].map(
    ([, name = '', version = '']) => ({ name, version }),
  );
  const version = installs.find(({ name }) => name === packages[0])?.version;
  if (version === undefined) return failure({ kind: 'installed' });

  const sizes = [...uris.stdout.matchAll(/^'[^']*' \S+ (\d+) /gm)].map(([, size]) => Number(size));
  const shown = await system.ask('apt-cache', [
    'show',
    ...installs.map((one) => `${one.name}=${one.version}`),
  ]);
  const kibibytes = [...shown.stdout.matchAll(/^Installed-Size: (\d+)$/gm)].map(([, size]) => Number(size));
  const installedKibibytes = sumOf(kibibytes);
  return success({
    packages,
    version,
    // Nothing is listed that has been fetched before.
    downloadBytes: uris.ok ? (sumOf(sizes) ?? 0) : null,
    installedBytes: installedKibibytes === null ? null : installedKibibytes * 1024,
  });
}
