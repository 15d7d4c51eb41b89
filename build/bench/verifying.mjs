import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { inTurn, median, timed } from './statistics.mjs';

const run = promisify(execFile);

const loop = `
for program; do
  "$program"
done
true
`;

/**
 * Verify all, against a shell that executes the same programs one after the other.
 *
 * @param {import('./domain.mjs').Domain} domain with everything registered
 * @param {string} directory
 * @returns {Promise<import('./table.mjs').Measurement[]>}
 */
export async function measureVerifying(domain, directory) {
  const { listEntries } = domain.registry;
  const targets = domain.targets.filter(({ name }) => listEntries().includes(`qemu-${name}`));
  const programs = targets.map((target) => {
    const file = join(directory, `proof-of-${target.name}`);
    writeFileSync(file, domain.proofProgram(target), { mode: 0o755 });
    return file;
  });
  const verifyAll = async () => {
    const results = await domain.verifyTargets(targets);
    const failed = results.filter(({ verdict }) => verdict === 'failed').length;
    if (failed > 0) throw new Error(`${failed} of ${targets.length} targets could not be verified.`);
  };
  const { ours, floor } = await inTurn(
    25,
    () => timed(verifyAll),
    () => timed(() => run('bash', ['-c', loop, 'bash', ...programs])),
  );
  return [
    {
      what: `Verify all, ${targets.length} targets`,
      ours: median(ours),
      floor: { value: median(floor), of: 'a loop in bash' },
      unit: 'ms',
      most: 2000,
    },
  ];
}
