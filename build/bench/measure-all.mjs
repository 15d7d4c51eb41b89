import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import { join, resolve } from 'node:path';
import { env } from 'node:process';
import { runMain } from '../setup/problem.mjs';
import { say } from '../setup/progress.mjs';
import { bundleDomain, loadDomain } from './domain.mjs';
import { measureRegistering } from './registering.mjs';
import { measureRendererSize } from './renderer-size.mjs';
import { measureSize } from './size.mjs';
import { measureSnapshots } from './snapshots.mjs';
import { measureRest, measureStarts } from './starts.mjs';
import { measureSwitching } from './switching.mjs';
import { formatTable } from './table.mjs';
import { measureTerminal } from './terminal.mjs';
import { measureVerifying } from './verifying.mjs';
import { makeEmptyApp } from './windows.mjs';

await runMain(async () => {
  const directory = await mkdtemp(join(os.tmpdir(), 'qemu-binfmt-manager-bench-'));
  try {
    console.log(await measureAll(directory));
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
  return 0;
});

/**
 * Measures everything in one run: figures of different days or machines tell nothing about each other.
 *
 * @param {string} directory for what is needed meanwhile
 */
async function measureAll(directory) {
  const domainFile = await bundleDomain(directory);
  const domain = await loadDomain(domainFile);
  const root = resolve(import.meta.dirname, '../..');
  const program = { path: root, userData: join(directory, 'data'), rows: domain.targets.length };
  const empty = makeEmptyApp(directory);

  say('Registering…');
  const registering = await measureRegistering(domain, directory);
  await registerAll(domain);
  say('Reading…');
  const snapshots = await measureSnapshots(domain, domainFile);
  const terminal = await measureTerminal(join(directory, 'terminal'));
  say('Verifying…');
  const verifying = await measureVerifying(domain, directory);
  say('Starting…');
  const starts = await measureStarts(program, empty);
  say('Switching…');
  const switching = await measureSwitching(domain.registry, program);
  say('Resting…');
  const rest = await measureRest(program, empty);

  const table = formatTable([
    ...starts,
    ...snapshots,
    ...terminal,
    ...registering,
    ...verifying,
    ...switching,
    ...measuredElevation(),
    ...rest,
    ...measureRendererSize(),
    ...(await measureSize(root)),
  ]);
  const cpu = os.cpus();
  return `\n${table}\n\nMedians. ${cpu.length} × ${cpu[0]?.model ?? os.machine()}, Linux ${os.release()}, Node.js ${process.versions.node}.`;
}

/**
 * What was measured before, outside of this user namespace.
 *
 * @returns {import('./table.mjs').Measurement[]}
 */
function measuredElevation() {
  return JSON.parse(env.ELEVATION_MEASURED ?? '[]');
}

/** @param {import('./domain.mjs').Domain} domain */
async function registerAll({ Interpreters, SnapshotReader, registrableTargets, registry }) {
  registry.clearRegistry();
  const reader = new SnapshotReader(
    new Interpreters({ get: () => null, set: () => undefined }, () => undefined),
  );
  for (const { registerLine } of registrableTargets(await reader.read()))
    registry.register(registerLine ?? '');
}
