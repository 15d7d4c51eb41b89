import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import { execPath } from 'node:process';
import { promisify } from 'node:util';
import { memoryOfVersions } from './domain.mjs';
import { inTurn, median, timed } from './statistics.mjs';

const run = promisify(execFile);

/**
 * Reading everything, against cat(1) reading the same files.
 *
 * @param {import('./domain.mjs').Domain} domain
 * @param {string} domainFile
 * @returns {Promise<import('./table.mjs').Measurement[]>}
 */
export async function measureSnapshots(domain, domainFile) {
  const { BINFMT_MISC, listEntries } = domain.registry;
  const names = listEntries();
  const files = ['status', ...names].map((name) => `${BINFMT_MISC}/${name}`);
  const cat = () => timed(() => run('cat', files));

  const interpreters = new domain.Interpreters(memoryOfVersions(), () => undefined);
  const reader = new domain.SnapshotReader(interpreters);
  await reader.read();
  await interpreters.versionsRead();
  const warm = await inTurn(100, () => timed(() => reader.read()), cat);
  const first = await inTurn(10, () => firstSnapshot(domainFile), cat);

  const of = 'cat of the same files';
  return [
    {
      what: `snapshot of ${names.length} entries`,
      ours: median(warm.ours),
      floor: { value: median(warm.floor), of },
      unit: 'ms',
      mostRatio: 1,
    },
    {
      what: 'first snapshot of a process',
      ours: median(first.ours),
      floor: { value: median(first.floor), of },
      unit: 'ms',
    },
  ];
}

/**
 * Nothing is compiled, cached or known yet in a new process.
 *
 * @param {string} domainFile
 */
async function firstSnapshot(domainFile) {
  const { stdout } = await run(execPath, [resolve(import.meta.dirname, 'first-snapshot.mjs'), domainFile]);
  return Number(stdout);
}
