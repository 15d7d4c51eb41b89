import { argv } from 'node:process';
import { loadDomain } from './domain.mjs';
import { timed } from './statistics.mjs';

// Prints how long the first snapshot of this process takes. The versions are known, as they are to the program
// from its second start on.
const { Interpreters, SnapshotReader } = await loadDomain(argv[2] ?? '');
const interpreters = new Interpreters({ get: () => '1.0', set: () => undefined }, () => undefined);
const reader = new SnapshotReader(interpreters);
console.log(await timed(() => reader.read()));
