import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Finding, FindingId } from '../../electron/binfmt/diagnosis/finding.ts';
import { formatRegisterLine, type MagicRegistration } from '../../electron/binfmt/register-line.ts';
import type { BinfmtManager } from '../../electron/manager.ts';
import { registrationOfTarget } from '../support/example-data.ts';
import { newManager } from '../support/manage.ts';
import {
  clearAllBootFiles,
  coverBoot,
  maskService,
  unmaskService,
  VENDOR_FILES,
  writeVendorFile,
} from '../support/private-boot.ts';
import { BOOT_FILES, readBootFile } from '../support/private-etc.ts';
import { clearRegistry, register, writeToEntry } from '../support/registry.ts';

const qemu = '/usr/local/bin/qemu-aarch64-static';
let uncover: () => void = () => undefined;
let manager: BinfmtManager;

beforeAll(() => {
  uncover = coverBoot();
});
afterAll(() => {
  clearRegistry();
  uncover();
});
beforeEach(() => {
  clearRegistry();
  clearAllBootFiles();
  manager = newManager();
});
afterEach(() => manager.stop());

const lineFor = (changes: Partial<MagicRegistration> = {}, target = 'aarch64'): string => {
  const line = formatRegisterLine(registrationOfTarget(target, { interpreter: qemu, ...changes }));
  if (!line.ok) throw new Error(line.problem);
  return line.value;
};
const CONF = 'qemu-aarch64.conf';

/** Writes a boot file as an administrator does. */
function writeOwnFile(name: string, text: string): void {
  mkdirSync(BOOT_FILES, { recursive: true });
  writeFileSync(path.join(BOOT_FILES, name), text);
}

async function findings(): Promise<readonly Finding[]> {
  await manager.lookAgain();
  return (await manager.snapshot()).findings;
}

const idsOf = (list: readonly Finding[]): readonly FindingId[] => list.map(({ id }) => id);

/** Does what the finding offers, once its files were shown, as its button would. */
async function carryOut({ action }: Finding): Promise<void> {
  for (const request of action?.requests ?? []) {
    const { shows } = await manager.preview(request);
    const agreed = shows.map(({ path: file, text, link }) => ({ path: file, text, link }));
    const { kind, message } = await manager.change('agreed' in request ? { ...request, agreed } : request);
    expect(kind, message).toBe('done');
  }
}

describe('nothing is found', () => {
  test('where nothing brings back what was just registered', async () => {
    await manager.change({ kind: 'register', targets: ['aarch64', 'arm', 's390x'] });
    expect(await findings()).toEqual([]);
  });

  test('where a file brings back exactly what is registered', async () => {
    register(lineFor());
    writeVendorFile(CONF, `${lineFor()}\n`);
    expect(await findings()).toEqual([]);
  });

  test('where no service reads what differs', async () => {
    maskService();
    try {
      register(lineFor());
      writeVendorFile(CONF, `${lineFor({ flags: '' })}\nnonsense\n`);
      expect(await findings()).toEqual([]);
    } finally {
      unmaskService();
    }
  });
});

describe('boot-differs', () => {
  test('is good to know where something else will be registered, and Keep at boot ends it', async () => {
    register(lineFor());
    writeVendorFile(CONF, `${lineFor({ flags: 'PF' })}\n`);
    const [found, ...others] = await findings();
    expect(others).toEqual([]);
    expect(found).toMatchObject({
      id: 'boot-differs',
      severity: 'info',
      subject: { kind: 'entry', name: 'qemu-aarch64' },
      target: 'aarch64',
      sentence: `${VENDOR_FILES}/${CONF} says otherwise.`,
      detail: 'After a restart its flags will be PF.',
      action: { label: 'Keep at boot' },
    });
    if (found !== undefined) await carryOut(found);
    expect(await findings()).toEqual([]);
    expect(readBootFile(CONF)).toEqual({ kind: 'text', text: expect.stringContaining(`${lineFor()}\n`) });
  });

  test.each([
    { later: { flags: '' }, why: 'it will have no flags' },
    { later: { interpreter: '/nowhere/qemu', flags: '' }, why: '/nowhere/qemu is not there.' },
    {
      later: { interpreter: '/nowhere/qemu' },
      why: 'the kernel open /nowhere/qemu when it is registered, which is not there.',
    },
  ])('is a warning where programs will not run then: $why', async ({ later, why }) => {
    register(lineFor());
    writeVendorFile(CONF, `${lineFor(later)}\n`);
    const [found] = await findings();
    expect(found).toMatchObject({ id: 'boot-differs', severity: 'warning' });
    expect(found?.detail).toContain(why);
    if (found !== undefined) await carryOut(found);
    expect(await findings()).toEqual([]);
  });

  test('is good to know where what is kept will be tried in another order', async () => {
    register(lineFor({ name: 'z-aarch64' }));
    register(lineFor({ name: 'a-aarch64' }));
    const names = ['a-aarch64', 'z-aarch64'];
    expect(await manager.change({ kind: 'keep-at-boot', names, agreed: [] })).toMatchObject({ kind: 'done' });
    const found = (await findings()).filter(({ id }) => id === 'boot-differs');
    expect(found).toMatchObject([
      {
        severity: 'info',
        subject: { name: 'a-aarch64' },
        sentence: 'After a restart z-aarch64 will be tried before it, and can take its files.',
        action: null,
      },
      { subject: { name: 'z-aarch64' } },
    ]);
    const { operations } = await manager.preview({ kind: 'apply-boot', removeOthers: true });
    expect(operations).toHaveLength(1);
    expect(operations[0]).toContain('z-aarch64');
  });

  test('tells of what is disabled and will not be, and Not at boot ends it', async () => {
    register(lineFor());
    writeToEntry('qemu-aarch64', '0');
    writeVendorFile(CONF, `${lineFor()}\n`);
    const found = (await findings()).find(({ id }) => id === 'boot-differs');
    expect(found).toMatchObject({ severity: 'info', action: { label: 'Not at boot' } });
    if (found !== undefined) await carryOut(found);
    expect(idsOf(await findings())).toEqual(['disabled']);
    expect(readBootFile(CONF)).toEqual({ kind: 'masked' });
  });
});

describe('comes-back-at-boot', () => {
  test('is good to know of what is not registered now, and Not at boot ends it', async () => {
    writeVendorFile(CONF, `${lineFor()}\n`);
    const [found, ...others] = await findings();
    expect(others).toEqual([]);
    expect(found).toMatchObject({
      id: 'comes-back-at-boot',
      severity: 'info',
      target: 'aarch64',
      detail: `${VENDOR_FILES}/${CONF} registers it when the machine starts.`,
      action: { label: 'Not at boot' },
    });
    if (found !== undefined) await carryOut(found);
    expect(await findings()).toEqual([]);
    expect(readBootFile(CONF)).toEqual({ kind: 'masked' });
  });

  test('is gone once it is registered', async () => {
    writeVendorFile(CONF, `${lineFor()}\n`);
    register(lineFor());
    expect(await findings()).toEqual([]);
    writeToEntry('qemu-aarch64', '-1');
    expect(idsOf(await findings())).toEqual(['comes-back-at-boot']);
  });
});

describe('boot-file-broken', () => {
  test('names file and line, and is gone once the file is whole', async () => {
    const name = 'zz-other.conf';
    register(lineFor());
    writeVendorFile(name, `# fine\n${lineFor()}\n:nonsense\nmore of it\n`);
    const [found, ...others] = await findings();
    expect(others).toEqual([]);
    expect(found).toMatchObject({ id: 'boot-file-broken', severity: 'info', action: null });
    expect(found?.sentence).toMatch(
      new RegExp(`^${VENDOR_FILES}/${name}, line 3, registers nothing when the machine starts: `),
    );
    expect(found?.detail).toContain('1 more of its lines are refused, too.');
    writeVendorFile(name, `${lineFor()}\n`);
    expect(await findings()).toEqual([]);
  });

  test('is a warning about the target whose file it is, and Keep at boot ends it', async () => {
    register(lineFor());
    writeOwnFile(CONF, ':qemu-aarch64:X::nonsense::/bin/true:\n');
    const [found, ...others] = await findings();
    expect(others).toEqual([]);
    expect(found).toMatchObject({
      id: 'boot-file-broken',
      severity: 'warning',
      target: 'aarch64',
      action: { label: 'Keep at boot' },
    });
    if (found !== undefined) await carryOut(found);
    expect(await findings()).toEqual([]);
    expect(readBootFile(CONF)).toEqual({ kind: 'text', text: expect.stringContaining(lineFor()) });
  });

  test('says nothing of a file that is not in force', async () => {
    register(lineFor());
    writeVendorFile(CONF, ':nonsense\n');
    writeOwnFile(CONF, `${lineFor()}\n`);
    expect(await findings()).toEqual([]);
    rmSync(path.join(BOOT_FILES, CONF));
    expect(idsOf(await findings())).toEqual(['boot-file-broken']);
  });
});
