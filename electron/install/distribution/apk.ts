import { failure, success } from '../../binfmt/result.ts';
import { bytesOf, type QueryPackages, sumOf } from './package-query.ts';

/** Asks apk(8) with what it has fetched before. It tells no download size. */
export const queryApk: QueryPackages = async (system, packages) => {
  const installed = await system.ask('apk', ['info', '--installed', ...packages]);
  if (installed.ok) return failure({ kind: 'installed' });

  const found = await system.ask('apk', ['search', '--exact', ...packages]);
  const [first = ''] = packages;
  const line = found.stdout.split('\n').find((one) => one.startsWith(`${first}-`));
  if (line === undefined) {
    return failure(found.ok ? { kind: 'unknown' } : { kind: 'refused', message: found.stderr.trim() });
  }
  // `qemu-aarch64-9.1.2-r1 installed size:`, and the size on the next line.
  const sized = await system.ask('apk', ['info', '--size', ...packages]);
  const sizes = [...sized.stdout.matchAll(/ installed size:\n(.+)$/gm)].map(([, size = '']) => bytesOf(size));
  return success({
    version: line.slice(first.length + 1).trim(),
    downloadBytes: null,
    installedBytes: sumOf(sizes),
  });
};
