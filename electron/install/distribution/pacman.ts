import { failure, success } from '../../binfmt/result.ts';
import { bytesOf, type QueryPackages, sumOf } from './package-query.ts';
import { runsSystemd } from './system.ts';

/** Asks pacman(8) what it would fetch (`--print`), with what that needs, and how large it is unpacked (`-Si`). */
export const queryPacman: QueryPackages = async (system, packages) => {
  const installed = await system.ask('pacman', ['-Q', ...packages]);
  if (installed.ok) return failure({ kind: 'installed' });

  const format = '%n %v %s';
  const printed = await system.ask('pacman', [
    '-S',
    '--print',
    '--needed',
    '--print-format',
    format,
    ...packages,
  ]);
  if (!printed.ok) {
    if (/target not found|could not find all required packages/.test(printed.stderr)) {
      return failure({ kind: 'unknown' });
    }
    const message = /^error: (.+)$/m.exec(printed.stderr)?.[1] ?? printed.stderr.trim();
    return failure({ kind: 'refused', message });
  }
  const found = [...printed.stdout.matchAll(/^(\S+) (\S+) (\d+)$/gm)].map(
    ([, name = '', version = '', size]) => ({
      name,
      version,
      size: Number(size),
    }),
  );
  const first = found.find(({ name }) => name === packages[0]);
  if (first === undefined) return failure({ kind: 'unknown' });

  const shown = await system.ask('pacman', ['-Si', ...found.map(({ name }) => name)]);
  const sizes = [...shown.stdout.matchAll(/^Installed Size *: (.+)$/gm)].map(([, size = '']) =>
    bytesOf(size),
  );
  return success({
    packages,
    version: first.version,
    downloadBytes: sumOf(found.map(({ size }) => size)),
    installedBytes: sizes.length === found.length ? sumOf(sizes) : null,
    // By systemd's hook 30-systemd-binfmt.
    registering: runsSystemd(system) ? 'now' : 'never',
  });
};
