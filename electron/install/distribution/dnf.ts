import { failure, success } from '../../binfmt/result.ts';
import { type QueryPackages, sumOf } from './package-query.ts';
import { type Answer, runsSystemd } from './system.ts';

/**
 * Asks dnf(8), 4 or 5, for a package and the parts it is made of: Fedora's qemu-user-static holds nothing itself and
 * requires a `qemu-user-static-TARGET` for each target. What it has fetched before is asked first (`--cacheonly`).
 */
export const queryDnf: QueryPackages = async (system, packages) => {
  const installed = await system.ask('rpm', ['--query', ...packages]);
  if (installed.ok) return failure({ kind: 'installed' });

  const query = (...options: readonly string[]): Promise<Answer> =>
    system.ask('dnf', [
      '--quiet',
      ...options,
      'repoquery',
      '--latest-limit=1',
      `--arch=${system.machine},noarch`,
      '--queryformat=%{name} %{evr} %{downloadsize} %{installsize}\n',
      ...packages.flatMap((name) => [name, `${name}-*`]),
    ]);
  const cached = await query('--cacheonly');
  const answer = cached.ok && cached.stdout.trim() !== '' ? cached : await query();
  if (!answer.ok) return failure({ kind: 'refused', message: lastLineOf(answer.stderr) });

  const found = [...answer.stdout.matchAll(/^(\S+) (\S+) (\d+) (\d+)$/gm)].map(
    ([, name = '', version = '', download, install]) => ({
      name,
      version,
      download: Number(download),
      install: Number(install),
    }),
  );
  const first = found.find(({ name }) => name === packages[0]);
  if (first === undefined) return failure({ kind: 'unknown' });
  return success({
    packages,
    version: first.version,
    downloadBytes: sumOf(found.map(({ download }) => download)),
    installedBytes: sumOf(found.map(({ install }) => install)),
    // The packages' %post restarts systemd-binfmt.
    registering: runsSystemd(system) ? 'now' : 'never',
  });
};

const lastLineOf = (text: string): string => text.trim().split('\n').at(-1) ?? '';
