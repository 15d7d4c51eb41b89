import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { argv, env } from 'node:process';
import { runMain } from '../../setup/problem.mjs';
import { say } from '../../setup/progress.mjs';
import { bundleDomain, loadDomain } from '../domain.mjs';
import { inTurn, median } from '../statistics.mjs';
import { Changes } from './changes.mjs';
import { startWorker } from './workers.mjs';

const RUNS = 25;
const WARM_UPS = 3;
/** One change, and as many as Register all makes. */
const COUNTS = [1, 31];

/** @typedef {import('../domain.mjs').Domain} Domain */

// Run on a private machine, see build/setup/elevated/private-machine.mjs.
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
  const names = registerHarmless(domain);
  if (names.length === 0) {
    say('This machine uses all targets that nobody uses: there is none to measure elevation with.');
    return [];
  }
  const changes = new Changes(domain, names);
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
 * Registers targets that nobody on this machine uses; the private machine removes them.
 *
 * @param {Domain} domain
 * @returns {readonly string[]} the entries' names
 */
function registerHarmless({
  targetNamed,
  defaultRegisterOptions,
  registrationWith,
  formatRegisterLine,
  registry,
}) {
  const names = (env.TEST_TARGETS ?? '').split(' ').filter((name) => name !== '');
  return names.map((name) => {
    const target = targetNamed(name);
    if (target === undefined) throw new Error(`QEMU has no target ${name}.`);
    const registration = registrationWith(
      target,
      `/usr/local/bin/qemu-${name}-static`,
      defaultRegisterOptions,
    );
    const line = formatRegisterLine(registration);
    if (!line.ok) throw new Error(line.problem);
    registry.register(line.value);
    return registration.name;
  });
}
