import { execFileSync } from 'node:child_process';
import { lstatSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { formatDatabaseFile } from '../../electron/binfmt/boot/own-file.ts';
import { authorOf } from '../../electron/binfmt/boot/own-mark.ts';
import type { BootRequest } from '../../electron/binfmt/boot-requests.ts';
import { printedFlags } from '../../electron/binfmt/entry.ts';
import { formatRegisterLine, type Registration } from '../../electron/binfmt/register-line.ts';
import { buildScript } from '../../electron/elevation/script.ts';
import type { BinfmtManager } from '../../electron/manager.ts';
import { registration as anyRegistration } from '../support/arbitraries.ts';
import { BootFiles } from '../support/boot-files.ts';
import { lacksBootOracles, needingBootOracles, runBootProgram } from '../support/boot-oracles.ts';
import { TOKEN } from '../support/carry-out.ts';
import { entryText, registrationOfTarget } from '../support/example-data.ts';
import { runKilledAt } from '../support/killed-script.ts';
import { newManager } from '../support/manage.ts';
import {
  addBinfmtSupport,
  clearAllBootFiles,
  coverBoot,
  maskService,
  unmaskService,
  writeVendorFile,
} from '../support/private-boot.ts';
import { FORMATS, listBootFiles, readBootFile } from '../support/private-etc.ts';
import { rowNamed } from '../support/read-snapshot.ts';
import { clearRegistry, listEntries, readEntry, readRegistry, register } from '../support/registry.ts';

let uncover: () => void = () => undefined;
let removeBinfmtSupport: () => void = () => undefined;
/** What update-binfmts sees: its database is the one that this namespace has. */
let files: BootFiles;
let manager: BinfmtManager;

beforeAll(() => {
  if (lacksBootOracles) return;
  uncover = coverBoot();
  removeBinfmtSupport = addBinfmtSupport();
  maskService();
});
afterAll(() => {
  clearRegistry();
  if (lacksBootOracles) return;
  unmaskService();
  removeBinfmtSupport();
  uncover();
});
beforeEach(() => {
  clearRegistry();
  clearAllBootFiles();
  files = new BootFiles().makeDirectory(FORMATS);
  mkdirSync(FORMATS);
  execFileSync('mount', ['--bind', `${files.root}${FORMATS}`, FORMATS]);
  manager = newManager();
});
afterEach(() => {
  manager.stop();
  execFileSync('umount', [FORMATS]);
  files.remove();
});

/** What the kernel has after a start of the machine. */
function boot(): ReturnType<typeof readRegistry> {
  clearRegistry();
  runBootProgram('binfmt-support', files);
  return readRegistry();
}

const lineOf = (registration: Registration): string => {
  const line = formatRegisterLine(registration);
  if (!line.ok) throw new Error(line.problem);
  return line.value;
};

/** Carries out a request once its files were shown, as the window does. */
async function change(kind: BootRequest['kind'], ...names: readonly string[]) {
  await manager.lookAgain();
  const { shows, problem } = await manager.preview({ kind, names, agreed: [] });
  const agreed = shows.map(({ path: file, text, link }) => ({ path: file, text, link }));
  const result = await manager.change({ kind, names, agreed });
  return { shows, problem, result };
}

const busybox = '/bin/busybox';
const arm = registrationOfTarget('arm', { interpreter: busybox });

/** What a package does when it is installed or upgraded. */
function installPackage(name: string, magic = '\\xf0\\xf1'): string {
  const lines = [
    'package qemu-user-static',
    `interpreter ${busybox}`,
    `magic ${magic}`,
    'fix_binary yes',
    '',
  ];
  files.write(`/usr/share/binfmts/${name}`, lines.join('\n'));
  return runBootProgram('update-binfmts --import', files, { args: [name] });
}

describe.skipIf(lacksBootOracles)(needingBootOracles('Not at boot, where binfmt-support runs'), () => {
  test('takes a package’s format off its list, and Undo puts it back as it was', async () => {
    installPackage('theirs');
    installPackage('others', '\\xf2');
    const before = boot();
    const text = readFileSync(`${FORMATS}/theirs`, 'utf8');
    const { shows, result } = await change('not-at-boot', 'theirs');
    expect(shows).toMatchObject([
      { path: `${FORMATS}/theirs`, text, package: 'qemu-user-static', after: { kind: 'absent' }, loses: [] },
    ]);
    expect(result).toMatchObject({ kind: 'done', message: 'theirs will not come back at boot' });
    expect(readRegistry()).toEqual(before);
    expect(boot().map(([name]) => name)).toEqual(['others']);
    expect(rowNamed(result.snapshot, 'theirs').boot).toEqual({ kind: 'until-restart' });

    expect(await manager.change({ kind: 'undo', change: result.undo ?? 0 })).toMatchObject({ kind: 'done' });
    expect(readFileSync(`${FORMATS}/theirs`, 'utf8')).toBe(text);
    expect(lstatSync(`${FORMATS}/theirs`).mode & 0o7777).toBe(0o644);
    expect(boot()).toEqual(before);
  });

  test('is not final where a package brings the format, which is said: its upgrade brings it again', async () => {
    installPackage('theirs');
    await change('not-at-boot', 'theirs');
    expect(boot()).toEqual([]);
    installPackage('theirs');
    expect(boot().map(([name]) => name)).toEqual(['theirs']);
  });

  test('takes what systemd-binfmt and binfmt-support have from both', async () => {
    unmaskService();
    try {
      writeVendorFile('qemu-arm.conf', `${lineOf(arm)}\n`);
      const text = formatDatabaseFile(arm);
      writeFileSync(`${FORMATS}/qemu-arm`, text.ok ? text.value : '');
      register(lineOf(arm));
      const { result } = await change('not-at-boot', 'qemu-arm');
      expect(result.kind).toBe('done');
      expect(readBootFile('qemu-arm.conf')).toEqual({ kind: 'masked' });
      expect(listBootFiles(FORMATS)).toEqual([]);
      expect(rowNamed(result.snapshot, 'arm').boot).toEqual({ kind: 'until-restart' });
    } finally {
      maskService();
    }
  });

  test('leaves alone a format that somebody changes while it is shown', async () => {
    installPackage('theirs');
    await manager.lookAgain();
    const { shows } = await manager.preview({ kind: 'not-at-boot', names: ['theirs'], agreed: [] });
    const [shown] = shows;
    const agreed = shown === undefined ? [] : [{ path: shown.path, text: shown.text, link: shown.link }];
    const changed = `${readFileSync(`${FORMATS}/theirs`, 'utf8')}# mine\n`;
    writeFileSync(`${FORMATS}/theirs`, changed);
    expect(await manager.change({ kind: 'not-at-boot', names: ['theirs'], agreed })).toMatchObject({
      kind: 'failed',
      message: expect.stringContaining('somebody else changed it meanwhile'),
    });
    expect(readFileSync(`${FORMATS}/theirs`, 'utf8')).toBe(changed);
  });

  test('removes a link and leaves alone what is at its end', async () => {
    const text = ':\nextension\n0\nabc\n\n/bin/sh\n';
    writeFileSync('/var/lib/theirs', text);
    symlinkSync('../theirs', `${FORMATS}/theirs`);
    const { shows, result } = await change('not-at-boot', 'theirs');
    expect(shows).toMatchObject([{ text, link: '../theirs' }]);
    expect(result.kind).toBe('done');
    expect(listBootFiles(FORMATS)).toEqual([]);
    expect(readFileSync('/var/lib/theirs', 'utf8')).toBe(text);
    await manager.change({ kind: 'undo', change: result.undo ?? 0 });
    expect(readBootFile('theirs', FORMATS)).toEqual({ kind: 'link', target: '../theirs' });
  });
});

describe.skipIf(lacksBootOracles)(needingBootOracles('Keep at boot, where binfmt-support alone runs'), () => {
  const kept: readonly Registration[] = [
    arm,
    { ...arm, name: 'all flags', magic: 'f0f1', mask: 'ff0f', offset: 3, flags: 'POCF' },
    { ...arm, name: '.hidden $(reboot)', magic: 'f2', mask: null, flags: '' },
    { kind: 'extension', name: 'jar', extension: 'jar', interpreter: '/bin/sh', flags: 'F' },
  ];

  test('writes formats that update-binfmts registers as what is registered now', async () => {
    for (const one of kept) register(lineOf(one));
    const before = new Map(readRegistry());
    const names = kept.map(({ name }) => name);
    const { shows, result } = await change('keep-at-boot', ...names);
    expect(shows).toEqual([]);
    expect(result).toMatchObject({ kind: 'done', message: '4 registrations will come back at boot' });
    expect(listBootFiles()).toEqual([]);
    for (const row of ['arm', 'jar', 'all flags']) {
      expect(rowNamed(result.snapshot, row).boot).toMatchObject({
        kind: 'kept',
        differs: null,
        service: true,
      });
    }
    expect(new Map(boot())).toEqual(before);
    expect(await change('keep-at-boot', 'jar')).toMatchObject({
      problem: `jar is kept at boot already, by ${FORMATS}/jar.`,
    });

    expect(await manager.change({ kind: 'undo', change: result.undo ?? 0 })).toMatchObject({ kind: 'done' });
    expect(listBootFiles(FORMATS)).toEqual([]);
    expect(boot()).toEqual([]);
  });

  test('is not undone by a package’s upgrade, and Not at boot takes it back without a question', async () => {
    register(lineOf({ ...arm, name: 'theirs' }));
    await change('keep-at-boot', 'theirs');
    expect(installPackage('theirs')).toContain('preserving local changes to theirs');
    expect(boot()).toEqual([['theirs', entryText({ ...arm, name: 'theirs' })]]);
    const { shows, result } = await change('not-at-boot', 'theirs');
    expect(shows).toEqual([]);
    expect(result.kind).toBe('done');
    expect(boot()).toEqual([]);
  });

  test('shows a package’s format before it takes its place, and its own once somebody has changed it', async () => {
    installPackage('theirs');
    clearRegistry();
    register(lineOf({ ...arm, name: 'theirs' }));
    const { shows, result } = await change('keep-at-boot', 'theirs');
    expect(shows).toMatchObject([{ package: 'qemu-user-static', after: { kind: 'text' } }]);
    expect(result.kind).toBe('done');
    expect(boot()).toEqual([['theirs', entryText({ ...arm, name: 'theirs' })]]);
    const file = path.join(FORMATS, 'theirs');
    writeFileSync(file, readFileSync(file, 'latin1').replace(/yes/, 'no'));
    const after = await change('not-at-boot', 'theirs');
    expect(after.shows).toMatchObject([{ author: 'us-and-others' }]);
  });

  test('is refused where it would change what else is registered, or where nothing is', async () => {
    installPackage('theirs');
    clearRegistry();
    register(lineOf({ ...arm, name: 'mine', magic: 'f0f1', mask: null, flags: '' }));
    expect((await change('keep-at-boot', 'mine')).problem).toBe(
      'mine cannot be kept at boot. Another format of binfmt-support matches the same files: it would put a program of its own in front of their interpreters.',
    );
    register(lineOf({ kind: 'extension', name: 'a:b', extension: 'ab', interpreter: '/bin/sh', flags: '' }));
    expect((await change('keep-at-boot', 'a:b')).problem).toBe(
      'a:b cannot be kept at boot. What holds a colon cannot be registered by binfmt-support.',
    );
    writeFileSync(`${FORMATS}/broken`, 'p\n');
    register(lineOf(arm));
    expect((await change('keep-at-boot', 'qemu-arm')).problem).toBe(
      `qemu-arm cannot be kept at boot. ${FORMATS}/broken is incomplete: update-binfmts ends there, and registers nothing.`,
    );
    expect(listEntries()).toContain('qemu-arm');
    expect(listBootFiles(FORMATS).toSorted()).toEqual(['broken', 'theirs']);
  });

  test('does not count on a file of binfmt.d, which nobody reads', async () => {
    mkdirSync('/etc/binfmt.d');
    writeFileSync('/etc/binfmt.d/qemu-arm.conf', `${lineOf(arm)}\n`);
    register(lineOf(arm));
    expect(await change('keep-at-boot', 'qemu-arm')).toMatchObject({ result: { kind: 'done' } });
    expect(boot()).toEqual([['qemu-arm', entryText(arm)]]);
  });

  test('killed at any step it leaves a list that update-binfmts reads', async () => {
    installPackage('theirs');
    register(lineOf(arm));
    await manager.lookAgain();
    const plan = await manager.preview({ kind: 'keep-at-boot', names: ['qemu-arm'], agreed: [] });
    expect(plan.problem).toBeNull();
    const text = formatDatabaseFile(arm);
    if (!text.ok) throw new Error(text.problem);
    const operation = {
      kind: 'set-boot-file',
      directory: FORMATS,
      file: 'qemu-arm',
      before: { kind: 'absent' },
      after: { kind: 'text', text: text.value },
    } as const;
    const seen = new Set<string>();
    for (let step = 0, died = true; died; step++) {
      for (const name of listBootFiles(FORMATS)) {
        if (name !== 'theirs') execFileSync('rm', ['-r', `${FORMATS}/${name}`]);
      }
      died = runKilledAt(buildScript([operation], TOKEN, []), step).died;
      const names = boot().map(([name]) => name);
      expect(names).toContain('theirs');
      seen.add(names.join());
    }
    expect([...seen].toSorted()).toEqual(['theirs', 'theirs,qemu-arm']);
  });

  test('writes of any registration what gives the same entry, or says why it cannot', async () => {
    const seen = { written: 0, refused: 0 };
    fc.assert(
      fc.property(anyRegistration, (generated) => {
        // Such as takes no program of this machine.
        const one: Registration =
          generated.kind === 'magic'
            ? {
                ...generated,
                offset: 0,
                magic: `f0${generated.magic.slice(2)}`,
                mask: generated.mask && `ff${generated.mask.slice(2)}`,
                interpreter: generated.flags.includes('F') ? busybox : generated.interpreter,
              }
            : { ...generated, extension: `${generated.extension}!`, flags: generated.flags.replace('F', '') };
        const text = formatDatabaseFile(one);
        if (!text.ok) {
          expect(text.problem).toMatch(/\.$/);
          seen.refused += 1;
          return;
        }
        expect(authorOf(text.value)).toBe('us');
        const own = new BootFiles()
          .withServices('binfmt-support')
          .write(`${FORMATS}/${one.name}`, text.value);
        try {
          clearRegistry();
          runBootProgram('binfmt-support', own);
          expect(readEntry(one.name)).toBe(entryText({ ...one, flags: printedFlags(one.flags) }));
          seen.written += 1;
        } finally {
          own.remove();
        }
      }),
      { numRuns: 100 },
    );
    expect(seen.written).toBeGreaterThan(20);
    expect(seen.refused).toBeGreaterThan(5);
  });
});
