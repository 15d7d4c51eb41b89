import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { argv, env } from 'node:process';
import { runMain } from '../../setup/problem.mjs';
import { bundleDomain, loadDomain } from '../domain.mjs';
import { inTurn, median } from '../statistics.mjs';
import { Changes } from './changes.mjs';
import { startWorker } from './workers.mjs';

const RUNS = 25;
const WARM_UPS = 3;
/** One change, and as many as Register all makes. */
const COUNTS = [1, 31];

/** @typedef {import('../domain.mjs').Domain} Domain */

// Runs on a private machine, see build/setup/elevated/private-machine.mjs.
await runMain(async () => {
  writeFileSync(argv[2] ?? '', JSON.stringify(await measure()));
  return 0;
});

/**
 * The same scripts, carried out for an ordinary user whom polkit grants everything without a question, and for
 * root.
 *
 * @returns {Promise<import('../table.mjs').Measurement[]>}
 */
async function measure() {
  const home = join(env.TEST_HOME ?? '', 'bench');
  mkdirSync(home);
  const domainFile = await bundleDomain(home);
  const domain = await loadDomain(domainFile);
  const changes = new Changes(domain, registerTargets(domain, Math.max(...COUNTS)));
  await domain.setPolicy('granted');
  const elevated = startWorker(domainFile, domain.ordinaryUser);
  const direct = startWorker(domainFile, { uid: 0, gid: 0, home: '/' });
  try {
    const inBothWays = /** @param {number} times */ (times) =>
      inTurn(
        times,
        () => carryOutEach(changes, elevated),
        () => carryOutEach(changes, direct),
      );
    await inBothWays(WARM_UPS);
    const { ours, floor } = await inBothWays(RUNS);
    return COUNTS.flatMap((count, index) => {
      const medianOf = /** @param {number[][]} all */ (all) =>
        median(all.map((times) => times[index] ?? Number.NaN));
      return measurementsOf(count, medianOf(ours), medianOf(floor));
    });
  } finally {
    elevated.stop();
    direct.stop();
  }
}

/**
 * @param {Changes} changes
 * @param {import('./workers.mjs').Worker} worker
 * @returns {Promise<number[]>} how long each of COUNTS took, in milliseconds
 */
async function carryOutEach(changes, worker) {
  const times = [];
  for (const count of COUNTS) times.push(await changes.carryOut(count, worker));
  return times;
}

/**
 * @param {number} count
 * @param {number} elevated
 * @param {number} direct
 * @returns {import('../table.mjs').Measurement[]}
 */
function measurementsOf(count, elevated, direct) {
  return [
    {
      what: count === 1 ? '1 change through polkit' : `${count} changes through polkit`,
      ours: elevated,
      floor: { value: direct, of: 'the same script, run by root' },
      unit: 'ms',
    },
    {
      what: count === 1 ? 'polkit adds to it' : `polkit adds to each of the ${count}`,
      ours: (elevated - direct) / count,
      unit: 'ms',
    },
  ];
}

/**
 * @param {Domain} domain
 * @param {number} count of targets, none of them this machine's own
 * @returns {readonly string[]} the entries' names
 */
function registerTargets(domain, count) {
  const { targets, defaultRegisterOptions, registrationWith, formatRegisterLine, registry } = domain;
  const host = domain.readHost();
  const foreign = targets.filter(({ family }) => family !== host.family).slice(0, count);
  return foreign.map((target) => {
    const registration = registrationWith(target, '/bin/true', defaultRegisterOptions);
    const line = formatRegisterLine(registration);
    if (!line.ok) throw new Error(line.problem);
    registry.register(line.value);
    return registration.name;
  });
}
