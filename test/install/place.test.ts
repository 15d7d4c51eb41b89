import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import {
  INTERPRETER_DIRECTORY,
  type PlaceInterpreters,
  type PlacingState,
  problemOfPlacing,
  type UnplaceInterpreters,
} from '../../electron/binfmt/placing.ts';
import { explainPlacing } from '../../electron/elevation/explain-placing.ts';
import { KEPT_DIRECTORY, placeCommand, placeFunctions } from '../../electron/elevation/place-script.ts';
import { placingStatesOf } from '../../electron/install/place.ts';
import { temporaryDirectory } from '../support/interpreters.ts';

vi.setConfig({ testTimeout: 120_000 });

/** File systems of our own over the real places. */
const covered = [INTERPRETER_DIRECTORY, '/var/lib'];
const { directory: staging, remove } = temporaryDirectory();

beforeAll(() => {
  for (const place of covered) execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64m', 'tmpfs', place]);
});
afterAll(() => {
  for (const place of covered) execFileSync('umount', [place]);
  remove();
});
beforeEach(() => {
  rmSync(KEPT_DIRECTORY, { recursive: true, force: true });
  for (const place of [INTERPRETER_DIRECTORY, staging]) {
    for (const name of readdirSync(place)) rmSync(path.join(place, name), { recursive: true });
  }
});

const inPlace = (name: string): string => path.join(INTERPRETER_DIRECTORY, name);
const staged = (name: string): string => path.join(staging, name);
const idOf = (number: number): string => number.toString(16).padStart(32, '0');

/** Writes unpacked programs, and returns the operation that places them. */
function stage(contents: Readonly<Record<string, string>>, number = 1): PlaceInterpreters {
  const files = Object.entries(contents).map(([name, content]) => {
    rmSync(staged(name), { recursive: true, force: true });
    writeFileSync(staged(name), content, { mode: 0o600 });
    return {
      name,
      sha256: createHash('sha256').update(content).digest('hex'),
      size: Buffer.byteLength(content),
      mtime: 1_600_000_000,
    };
  });
  return { kind: 'place-interpreters', id: idOf(number), from: staging, files };
}

const takingBack = ({ id, files }: PlaceInterpreters): UnplaceInterpreters => ({
  kind: 'unplace-interpreters',
  id,
  files,
});

interface Ran {
  readonly ok: boolean;
  readonly output: string;
  readonly killed: boolean;
}

/** Has bash carry out an operation; with `killAt`, bash kills itself before the command of that number. */
function run(operation: PlaceInterpreters | UnplaceInterpreters, killAt?: number): Ran {
  const killing =
    killAt === undefined
      ? ''
      : `set -o functrace\nsteps=0\ntrap '((++steps < ${killAt})) || kill -KILL $$' DEBUG\n`;
  const script = `set -u\nexport LC_ALL=C\nexec 2>&1\n${placeFunctions}\n${killing}${placeCommand(operation)}\n`;
  // As through the prompt: bash has the script from its standard input.
  const options = { encoding: 'latin1', cwd: '/', input: script } as const;
  const { status, signal, stdout } = spawnSync('/bin/bash', options);
  return { ok: status === 0, output: stdout.trim(), killed: signal === 'SIGKILL' };
}

/** What lies in the place: contents by name; links as `-> where`. Throws on anything half done. */
function present(): Readonly<Record<string, string>> {
  return Object.fromEntries(
    readdirSync(INTERPRETER_DIRECTORY)
      .sort()
      .map((name) => {
        const file = inPlace(name);
        return [
          name,
          lstatSync(file).isSymbolicLink() ? `-> ${readlinkSync(file)}` : readFileSync(file, 'utf8'),
        ];
      }),
  );
}

async function stateOf(operation: PlaceInterpreters): Promise<PlacingState | undefined> {
  return (await placingStatesOf([operation])).get(operation.id);
}

const keptNames = (): readonly string[] => readdirSync(KEPT_DIRECTORY).filter((name) => name !== '.lock');

describe('placing', () => {
  test('puts programs there, executable for everybody, root’s, and as old as they are', () => {
    expect(run(stage({ 'qemu-arm-static': 'arm', 'qemu-mips': 'mips' }))).toEqual({
      ok: true,
      output: '',
      killed: false,
    });
    expect(present()).toEqual({ 'qemu-arm-static': 'arm', 'qemu-mips': 'mips' });
    for (const name of ['qemu-arm-static', 'qemu-mips']) {
      const looks = { mode: 0o100755, uid: 0, gid: 0, nlink: 1, mtimeMs: 1_600_000_000_000 };
      expect(lstatSync(inPlace(name))).toMatchObject(looks);
    }
  });

  test('copes with one of 30 MB', () => {
    const content = 'x'.repeat(30 * 2 ** 20 + 1);
    expect(run(stage({ 'qemu-arm': content }))).toMatchObject({ ok: true });
    expect(readFileSync(inPlace('qemu-arm'), 'utf8') === content).toBe(true);
  });

  test('keeps what was there, whatever it was, and gives it back as it was', () => {
    writeFileSync(inPlace('qemu-arm'), 'old');
    chmodSync(inPlace('qemu-arm'), 0o750);
    symlinkSync('/elsewhere/qemu-mips', inPlace('qemu-mips'));
    writeFileSync(inPlace('other'), 'other');
    const before = present();
    const operation = stage({ 'qemu-arm': 'new', 'qemu-mips': 'new', 'qemu-sh4': 'new' });

    expect(run(operation)).toMatchObject({ ok: true });
    expect(present()).toEqual({ other: 'other', 'qemu-arm': 'new', 'qemu-mips': 'new', 'qemu-sh4': 'new' });
    expect(lstatSync(KEPT_DIRECTORY).mode & 0o777).toBe(0o711);
    expect(lstatSync(path.join(KEPT_DIRECTORY, operation.id)).mode & 0o777).toBe(0o700);
    expect(lstatSync(path.join(KEPT_DIRECTORY, '.lock')).mode & 0o777).toBe(0o600);

    expect(run(takingBack(operation))).toMatchObject({ ok: true });
    expect(present()).toEqual(before);
    expect(lstatSync(inPlace('qemu-arm')).mode & 0o777).toBe(0o750);
    expect(keptNames()).toEqual([]);
  });

  test('can be taken back in the opposite order', () => {
    const first = stage({ 'qemu-arm': 'one' }, 1);
    expect(run(first)).toMatchObject({ ok: true });
    const second = stage({ 'qemu-arm': 'two' }, 2);
    expect(run(second)).toMatchObject({ ok: true });
    expect(run(takingBack(first))).toMatchObject({ ok: false, output: 'Interpreter was changed' });
    expect(run(takingBack(second))).toMatchObject({ ok: true });
    expect(present()).toEqual({ 'qemu-arm': 'one' });
    expect(run(takingBack(first))).toMatchObject({ ok: true });
    expect(present()).toEqual({});
    expect(run(takingBack(first))).toMatchObject({ ok: false, output: 'Nothing is kept' });
  });

  test('keeps what three placings replaced, not more', () => {
    for (let number = 1; number <= 5; number++) {
      expect(run(stage({ 'qemu-arm': `version ${number}` }, number))).toMatchObject({ ok: true });
      execFileSync('touch', ['--date', `2020-01-0${number}`, path.join(KEPT_DIRECTORY, idOf(number))]);
    }
    expect([...keptNames()].sort()).toEqual([3, 4, 5].map(idOf));
  });
});

describe('what the user can do to the unpacked files meanwhile', () => {
  const secret = 'root’s secret';
  const replaced = (
    operation: PlaceInterpreters,
    name: string,
    by: (file: string) => void,
  ): PlaceInterpreters => {
    rmSync(staged(name));
    by(staged(name));
    return operation;
  };
  test.each<[string, (file: string) => void]>([
    ['another content', (file) => writeFileSync(file, 'evil')],
    ['another content of the same size', (file) => writeFileSync(file, 'arn')],
    ['more behind it', (file) => writeFileSync(file, `arm${'x'.repeat(4 * 2 ** 20)}`)],
    ['a file without end', (file) => execFileSync('truncate', ['--size=1T', file])],
    ['nothing', () => undefined],
    ['an empty file', (file) => writeFileSync(file, '')],
    ['a directory', (file) => mkdirSync(file)],
    ['a named pipe', (file) => execFileSync('mkfifo', [file])],
    ['a link to a secret', (file) => symlinkSync('/etc/shadow', file)],
    ['a link to a device without end', (file) => symlinkSync('/dev/zero', file)],
    [
      'a link to what it should be',
      (file) => {
        writeFileSync(path.join(staging, 'elsewhere'), 'arm');
        symlinkSync('elsewhere', file);
      },
    ],
  ])('%s: nothing is installed, of the others neither', (_what, by) => {
    writeFileSync(inPlace('qemu-arm'), secret);
    const operation = replaced(
      stage({ 'qemu-aarch64': 'aarch64', 'qemu-arm': 'arm', 'qemu-mips': 'mips' }),
      'qemu-arm',
      by,
    );
    const { ok, output } = run(operation);
    expect({ ok, output }).toEqual({ ok: false, output: 'Source was changed' });
    expect(explainPlacing(operation, output)).toMatch(/^Nothing was installed: an unpacked program is not/);
    expect(present()).toEqual({ 'qemu-arm': secret });
    expect(keptNames()).toEqual([]);
  });

  test.each([
    "qemu-arm'; touch /tmp/x",
    '../qemu-arm',
    'qemu-arm/../x',
    '$(reboot)',
    'ls',
    'qemu-arm\nx',
    '-qemu',
    '',
  ])('a name like %j is refused before root and by root', (name) => {
    const operation: PlaceInterpreters = {
      ...stage({ 'qemu-arm': 'arm' }),
      files: [{ name, sha256: '0'.repeat(64), size: 3, mtime: 0 }],
    };
    expect(problemOfPlacing(operation)).toMatch(/^Nothing was installed/);
    expect(run(operation)).toMatchObject({ ok: false, output: 'Not the name of an emulator' });
    expect(present()).toEqual({});
    expect(keptNames()).toEqual([]);
  });

  test.each([-1, 0.5, 2 ** 33, Number.NaN])('the time %d is refused', (mtime) => {
    const { files, ...operation } = stage({ 'qemu-arm': 'arm' });
    const changed = { ...operation, files: files.map((file) => ({ ...file, mtime })) };
    expect(problemOfPlacing(changed)).toMatch(/^Nothing was installed/);
  });

  test.each(['', '../x', 'x'.repeat(32), `${'0'.repeat(32)}/..`])('a number like %j is refused', (id) => {
    const operation = { ...stage({ 'qemu-arm': 'arm' }), id };
    expect(problemOfPlacing(operation)).toMatch(/no proper number/);
    expect(run(operation)).toMatchObject({ ok: false, output: 'Not a number' });
    expect(run(takingBack(operation))).toMatchObject({ ok: false, output: 'Not a number' });
  });
});

describe('a place that will not have it', () => {
  test('a directory of that name stays', () => {
    mkdirSync(inPlace('qemu-mips'));
    writeFileSync(inPlace('qemu-arm'), 'old');
    const operation = stage({ 'qemu-arm': 'new', 'qemu-mips': 'new' });
    const { ok, output } = run(operation);
    expect({ ok, output }).toEqual({ ok: false, output: 'Not a file' });
    expect(explainPlacing(operation, output)).toMatch(
      /something that is not a program has one of these names/,
    );
    expect(readFileSync(inPlace('qemu-arm'), 'utf8')).toBe('old');
    expect(readdirSync(INTERPRETER_DIRECTORY).sort()).toEqual(['qemu-arm', 'qemu-mips']);
  });

  test('a full disk leaves everything as it was', () => {
    writeFileSync(inPlace('qemu-arm'), 'old');
    const large = 'x'.repeat(40 * 2 ** 20);
    const operation = stage({ 'qemu-arm': 'new', 'qemu-mips': large, 'qemu-sh4': large });
    const { ok, output } = run(operation);
    expect(ok).toBe(false);
    expect(explainPlacing(operation, output)).toMatch(/there is no room left/);
    expect(present()).toEqual({ 'qemu-arm': 'old' });
    expect(keptNames()).toEqual([]);
  });

  test('a read-only one is said', () => {
    execFileSync('mount', ['-o', 'remount,ro', INTERPRETER_DIRECTORY]);
    try {
      const operation = stage({ 'qemu-arm': 'new' });
      const { ok, output } = run(operation);
      expect(ok).toBe(false);
      expect(explainPlacing(operation, output)).toMatch(/is read-only here/);
    } finally {
      execFileSync('mount', ['-o', 'remount,rw', INTERPRETER_DIRECTORY]);
    }
  });

  test('what somebody else has put there since is not taken back', () => {
    const operation = stage({ 'qemu-arm': 'new', 'qemu-mips': 'new' });
    run(operation);
    writeFileSync(inPlace('qemu-mips'), 'theirs');
    expect(run(takingBack(operation))).toMatchObject({ ok: false, output: 'Interpreter was changed' });
    expect(present()).toEqual({ 'qemu-arm': 'new', 'qemu-mips': 'theirs' });
  });
});

describe('killed before any of its commands', () => {
  const old = { 'qemu-arm': 'old arm', 'qemu-ppc': '-> /elsewhere' };
  const fresh = { 'qemu-arm': 'new arm', 'qemu-ppc': 'new ppc', 'qemu-sh4': 'new sh4' };
  const prepare = (): PlaceInterpreters => {
    for (const place of [INTERPRETER_DIRECTORY, KEPT_DIRECTORY]) {
      for (const name of existsSync(place) ? readdirSync(place) : [])
        rmSync(path.join(place, name), { recursive: true });
    }
    writeFileSync(inPlace('qemu-arm'), old['qemu-arm']);
    symlinkSync('/elsewhere', inPlace('qemu-ppc'));
    return stage(fresh);
  };
  /** Each program is the old or the new one, whole; returns which. */
  const eachWhole = (): readonly ('old' | 'new')[] => {
    const now = present();
    return Object.entries(fresh).map(([name, content]) => {
      const before = (old as Record<string, string>)[name];
      expect([before, content], name).toContain(now[name]);
      return now[name] === content ? 'new' : 'old';
    });
  };

  test('while placing, each program is the old or the new one, and the next run makes it whole', async () => {
    const seen = new Set<string>();
    let step = 1;
    for (; ; step++) {
      const operation = prepare();
      if (!run(operation, step).killed) break;
      const parts = eachWhole();
      const { inPlace, kept } = (await stateOf(operation)) ?? {};
      expect(inPlace).toBe(parts.includes('old') ? (parts.includes('new') ? 'some' : 'none') : 'all');
      seen.add(`${inPlace} ${kept}`);

      // Taking back finishes or undoes what was interrupted; nothing is kept of what had not begun.
      const back = run(takingBack(operation));
      expect(present(), `step ${step}`).toEqual(old);
      expect(back.ok, `step ${step}`).toBe(kept !== 'no');
      expect(keptNames()).toEqual([]);
      expect(await stateOf(operation)).toEqual({ inPlace: 'none', kept: 'no' });
    }
    expect(step).toBeGreaterThan(60);
    expect([...seen].sort()).toEqual([
      'all interrupted',
      'all yes',
      'none interrupted',
      'none no',
      'some interrupted',
    ]);
  });

  test('while placing, the next placing is done all the same', () => {
    for (let step = 3; ; step += 7) {
      const operation = prepare();
      if (!run(operation, step).killed) break;
      const next = stage({ 'qemu-arm': 'newest' }, 2);
      expect(run(next), `step ${step}`).toMatchObject({ ok: true });
      expect(present()['qemu-arm']).toBe('newest');
      expect(run(takingBack(next))).toMatchObject({ ok: true });
      expect([old['qemu-arm'], fresh['qemu-arm']]).toContain(present()['qemu-arm']);
      expect(new Set(eachWhole()).size, 'all of one kind').toBe(1);
    }
  });

  test('while taking back, each program is the old or the new one, and the next run makes it whole', () => {
    let step = 1;
    for (; ; step++) {
      const operation = prepare();
      expect(run(operation)).toMatchObject({ ok: true });
      if (!run(takingBack(operation), step).killed) break;
      eachWhole();
      run(takingBack(operation));
      expect(present(), `step ${step}`).toEqual(old);
      expect(keptNames()).toEqual([]);
    }
    expect(step).toBeGreaterThan(30);
  });
});

describe('what lies on the disk', () => {
  test('is told without reading what nobody has touched since, and by its digest where somebody has', async () => {
    const first = stage({ 'qemu-arm': 'one', 'qemu-mips': 'one' }, 1);
    expect(await stateOf(first)).toEqual({ inPlace: 'none', kept: 'no' });
    run(first);
    expect(await stateOf(first)).toEqual({ inPlace: 'all', kept: 'yes' });

    const second = stage({ 'qemu-arm': 'two' }, 2);
    run(second);
    expect(await stateOf(first)).toEqual({ inPlace: 'some', kept: 'yes' });
    run(takingBack(second));
    // Another file than the one that was placed, with what that one held.
    expect(await stateOf(first)).toEqual({ inPlace: 'all', kept: 'yes' });

    chmodSync(inPlace('qemu-mips'), 0o700);
    expect(await stateOf(first)).toEqual({ inPlace: 'all', kept: 'yes' });
    writeFileSync(inPlace('qemu-mips'), 'two');
    expect(await stateOf(first)).toEqual({ inPlace: 'some', kept: 'yes' });
  });
});

test('two in one script do not wait for each other, and each tells whether it was done', () => {
  const [first, second] = [stage({ 'qemu-arm': 'one' }, 1), stage({ 'qemu-mips': 'one' }, 2)];
  const third = { ...stage({ 'qemu-sh4': 'one' }, 3), from: '/nowhere' };
  const lines = [first, second, third].flatMap((operation) => [
    placeCommand(operation),
    `after_placing ${operation.id} echo done`,
  ]);
  const { stdout } = spawnSync('/bin/bash', ['-c', `set -u\n${placeFunctions}\n${lines.join('\n')}`], {
    encoding: 'utf8',
    timeout: 10_000,
  });
  expect(stdout.trim().split('\n')).toEqual(['done', 'done', 'Source was changed', 'Placing failed']);
});

test('two at a time take turns', async () => {
  const operations = [1, 2, 3, 4].map((number) => {
    const from = path.join(staging, String(number));
    mkdirSync(from);
    const operation = stage({ 'qemu-arm': `arm ${number}`, 'qemu-mips': `mips ${number}` }, number);
    for (const { name } of operation.files) execFileSync('mv', [staged(name), from]);
    return { ...operation, from };
  });
  const scripts = operations.map((operation) => `( ${placeCommand(operation)} ) &`).join('\n');
  execFileSync('/bin/bash', ['-c', `set -u\n${placeFunctions}\n${scripts}\nwait`]);
  const { 'qemu-arm': arm = '', 'qemu-mips': mips = '' } = present();
  expect(mips).toBe(arm.replace('arm', 'mips'));
  expect(keptNames()).toHaveLength(3);
});
