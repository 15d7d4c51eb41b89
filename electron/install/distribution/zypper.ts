import { failure, success } from '../../binfmt/result.ts';
import { bytesOf, fieldOf, type QueryPackages, sumOf } from './package-query.ts';
import { runsSystemd } from './system.ts';

/** Asks zypper(8) with what it has fetched before: refreshing is root's. It tells no download size. */
export const queryZypper: QueryPackages = async (system, packages) => {
  const options = ['--non-interactive', '--no-refresh'];
  const answer = await system.ask('zypper', [...options, 'info', ...packages]);
  if (!answer.ok) {
    const message = answer.stderr.trim().split('\n').at(-1) ?? '';
    return failure({ kind: 'refused', message });
  }
  const version = fieldOf(answer.stdout, 'Version');
  if (version === null) return failure({ kind: 'unknown' });
  if (/^Yes/.test(fieldOf(answer.stdout, 'Installed') ?? '')) return failure({ kind: 'installed' });
  const sizes = [...answer.stdout.matchAll(/^Installed Size *: (.+)$/gm)].map(([, size = '']) =>
    bytesOf(size),
  );
  return success({
    packages,
    version,
    downloadBytes: null,
    installedBytes: sumOf(sizes),
    // openSUSE ships the configuration, and leaves applying it to systemd.
    registering: runsSystemd(system) ? 'next start' : 'never',
  });
};
