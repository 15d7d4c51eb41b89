import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { memoryOfVersions } from './domain.mjs';
import { inTurn, median, timed } from './statistics.mjs';

const run = promisify(execFile);

const loop = `
while IFS= read -r line; do
  printf %s "$line" > /proc/sys/fs/binfmt_misc/register
done < "$1"
`;

/**
 * Register all, with its checks and the snapshots before and after, against a loop in a shell.
 *
 * @param {import('./domain.mjs').Domain} domain
 * @param {string} directory
 * @returns {Promise<import('./table.mjs').Measurement[]>}
 */
export async function measureRegistering(domain, directory) {
  const { clearRegistry, listEntries } = domain.registry;
  const manager = new domain.BinfmtManager({ kind: 'root' }, memoryOfVersions(), () => undefined);
  manager.start();
  clearRegistry();
  const rows = domain.registrableTargets(await manager.snapshot());
  const targets = rows.map((row) => row.name);
  const file = join(directory, 'register-lines');
  writeFileSync(file, rows.map((row) => `${row.registerLine}\n`).join(''));

  /** @param {() => Promise<unknown>} work */
  const registering = async (work) => {
    clearRegistry();
    await manager.refresh(); // The program has long seen that nothing is registered when somebody clicks.
    const time = await timed(work);
    const count = listEntries().length;
    if (count !== targets.length) throw new Error(`${count} of ${targets.length} targets were registered.`);
    return time;
  };
  const { ours, floor } = await inTurn(
    25,
    () => registering(() => manager.change({ kind: 'register', targets })),
    () => registering(() => run('bash', ['-c', loop, 'bash', file])),
  );
  manager.stop();
  return [
    {
      what: `register ${targets.length} targets`,
      ours: median(ours),
      floor: { value: median(floor), of: 'a loop in bash' },
      unit: 'ms',
      mostRatio: 1.5,
    },
  ];
}
