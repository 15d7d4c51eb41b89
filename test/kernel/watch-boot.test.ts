import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Snapshot } from '../../electron/binfmt/snapshot.ts';
import type { BinfmtManager } from '../../electron/manager.ts';
import { newManager, snapshotWhere } from '../support/manage.ts';
import {
  clearAllBootFiles,
  coverBoot,
  maskService,
  unmaskService,
  VENDOR_FILES,
  writeVendorFile,
} from '../support/private-boot.ts';
import { BOOT_FILES } from '../support/private-etc.ts';
import { clearRegistry } from '../support/registry.ts';

let uncover: () => void = () => undefined;
let manager: BinfmtManager;

beforeAll(() => {
  uncover = coverBoot();
});
afterAll(() => uncover());
beforeEach(() => {
  clearRegistry();
  clearAllBootFiles();
  manager = newManager();
});
afterEach(() => manager.stop());

const FILE = 'x.conf';
const PATH = path.join(BOOT_FILES, FILE);
const LINE = ':x:E::x::/bin/true:\n';

const namesAtBoot = ({ boot }: Snapshot): readonly string[] =>
  boot.rules.map(({ registration }) => registration.name);

/** Does something to the boot files, and waits until the manager by itself says that these will be registered. */
async function expectAtBoot(change: () => void, expected: readonly string[]): Promise<void> {
  const known = snapshotWhere(manager, (snapshot) => namesAtBoot(snapshot).join() === expected.join());
  change();
  await known;
}

async function start(): Promise<void> {
  manager.start();
  expect(namesAtBoot(await manager.snapshot())).toEqual([]);
}

describe('what somebody else', () => {
  test('writes into a directory that is not there yet is known, and what becomes of it', async () => {
    await start();
    await expectAtBoot(() => mkdirSync(BOOT_FILES), []);
    await expectAtBoot(() => writeFileSync(PATH, LINE), ['x']);
    await expectAtBoot(() => writeFileSync(PATH, `${LINE}:y:E::y::/bin/true:\n`), ['x', 'y']);
    await expectAtBoot(() => rmSync(PATH), []);
  });

  test('makes together with its directory is known', async () => {
    await start();
    await expectAtBoot(() => {
      mkdirSync(BOOT_FILES);
      writeFileSync(PATH, LINE);
    }, ['x']);
  });

  test('does to a directory that came back is known', async () => {
    mkdirSync(BOOT_FILES);
    await start();
    await expectAtBoot(() => writeFileSync(PATH, LINE), ['x']);
    await expectAtBoot(() => rmSync(BOOT_FILES, { recursive: true }), []);
    await expectAtBoot(() => mkdirSync(BOOT_FILES), []);
    await expectAtBoot(() => writeFileSync(PATH, LINE), ['x']);
    await expectAtBoot(() => renameSync(BOOT_FILES, `${BOOT_FILES}.old`), []);
    await expectAtBoot(() => renameSync(`${BOOT_FILES}.old`, BOOT_FILES), ['x']);
  });

  test('installs is known', async () => {
    await start();
    await expectAtBoot(() => writeVendorFile(FILE, LINE), ['x']);
    await expectAtBoot(() => rmSync(path.join(VENDOR_FILES, FILE)), []);
  });

  test('does to the service that reads the files is known', async () => {
    writeVendorFile(FILE, LINE);
    manager.start();
    expect(namesAtBoot(await manager.snapshot())).toEqual(['x']);
    try {
      await expectAtBoot(maskService, []);
    } finally {
      const known = snapshotWhere(manager, (snapshot) => namesAtBoot(snapshot).join() === 'x');
      unmaskService();
      await known;
    }
  });
});
