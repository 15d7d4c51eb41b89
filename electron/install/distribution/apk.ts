import { failure, success } from '../../binfmt/result.ts';
import { emulatorNameOf, familyOfMachine, targets } from '../../binfmt/targets.ts';
import { bytesOf, type QueryPackages, sumOf } from './package-query.ts';
import type { System } from './system.ts';

/**
 * Asks apk(8), 2 or 3, with what it has fetched before. Alpine has a package for each target, in one release more and
 * in another less: all are taken that it knows and that this machine does not run itself. It tells no download size.
 */
export const queryApk: QueryPackages = async (system, asked) => {
  const searched = await system.ask('apk', ['search', '--exact', ...candidates(system, asked)]);
  // Of apk 3 it is a failure where it does not know all of them; what is wrong it says.
  const [, message] = /^ERROR: (.+)$/m.exec(searched.stderr) ?? [];
  if (message !== undefined) return failure({ kind: 'refused', message });
  // `qemu-aarch64-9.1.2-r1`
  const found = [...searched.stdout.matchAll(/^(qemu-\w+)-(\d\S*)$/gm)].map(
    ([nameAndVersion, name = '', version = '']) => ({ nameAndVersion, name, version }),
  );
  const [first] = found;
  if (first === undefined) return failure({ kind: 'unknown' });

  const packages = found.map(({ name }) => name);
  const installed = await system.ask('apk', ['info', '--installed', ...packages]);
  if (installed.ok) return failure({ kind: 'installed' });

  // `qemu-aarch64-9.1.2-r1 installed size:`, and the size on the next line, of every release that it knows.
  const sized = await system.ask('apk', ['info', '--size', ...packages]);
  const sizes = new Map(
    [...sized.stdout.matchAll(/^(\S+) installed size:\n(.+)$/gm)].map(([, name, size = '']) => [
      name,
      bytesOf(size),
    ]),
  );
  return success({
    packages,
    version: first.version,
    downloadBytes: null,
    installedBytes: sumOf(found.map(({ nameAndVersion }) => sizes.get(nameAndVersion) ?? null)),
    registering: 'never',
  });
};

/** What was asked for, and a package for every other target that the machine does not run itself. */
function candidates({ machine }: System, asked: readonly string[]): readonly string[] {
  const foreign = targets.filter(({ family }) => family !== familyOfMachine(machine));
  return [...new Set([...asked, ...foreign.map((target) => `qemu-${emulatorNameOf(target)}`)])];
}
