import { execFileSync, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  copyFileSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import path from 'node:path';
import fc, { type Arbitrary } from 'fast-check';
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest';
import { describeState } from '../../electron/binfmt/describe-row.ts';
import type { Action } from '../../electron/binfmt/diagnosis/action.ts';
import { findingsOfRow } from '../../electron/binfmt/diagnosis/finding.ts';
import { explainFile } from '../../electron/binfmt/explain/explain-file.ts';
import type { Explanation, Step } from '../../electron/binfmt/explain/explanation.ts';
import { hexOfBytes } from '../../electron/binfmt/hex.ts';
import type { Registration } from '../../electron/binfmt/register-line.ts';
import { sampleHeads } from '../../electron/binfmt/sample-files.ts';
import { BinfmtManager } from '../../electron/manager.ts';
import { theTarget } from '../support/example-data.ts';
import { execute } from '../support/execve.ts';
import { runForeignProgram } from '../support/foreign-program.ts';
import { temporaryDirectory } from '../support/interpreters.ts';
import { coverBinfmtMisc, uncoverBinfmtMisc } from '../support/mounts.ts';
import { rawRegisterLine } from '../support/raw-register-line.ts';
import { noVersions, readSnapshot, rowNamed } from '../support/read-snapshot.ts';
import { BINFMT_MISC, clearRegistry, register, writeToEntry } from '../support/registry.ts';

const { directory: temporary, remove } = temporaryDirectory();
const directory = realpathSync(temporary);
const noexec = path.join(directory, 'noexec');
const inDirectory = (name: string): string => path.join(directory, name);

/** realpath(1) prints the arguments it was started with, and where /proc/self/exe leads. */
const reporter = inDirectory('reporter');
copyFileSync('/usr/bin/realpath', reporter);
chmodSync(reporter, 0o755);
mkdirSync(noexec);
execFileSync('mount', ['-t', 'tmpfs', '-o', 'noexec', 'tmpfs', noexec]);
copyFileSync(reporter, path.join(noexec, 'reporter'));
chmodSync(path.join(noexec, 'reporter'), 0o755);

function write(name: string, content: string | Uint8Array, mode = 0o755): string {
  const file = path.isAbsolute(name) ? name : inDirectory(name);
  writeFileSync(file, content);
  chmodSync(file, mode);
  return file;
}

const nativeWithExtension = inDirectory('native.fb1');
linkSync(reporter, nativeWithExtension);
const notExecutable = inDirectory('not-executable');
copyFileSync(reporter, notExecutable);
chmodSync(notExecutable, 0o644);
const data = write('data', Uint8Array.of(0xa0, 0xa0, 0xa1));
const chain = [reporter];
for (let depth = 0; depth < 8; depth++) chain.push(write(`chain-${depth}`, `#!${chain[depth]}\n`));

/** Everything that a `#!` line or an entry may name. */
const interpreters = [
  reporter,
  ...chain,
  nativeWithExtension,
  notExecutable,
  data,
  inDirectory('missing'),
  path.join(noexec, 'reporter'),
  directory,
  path.join(reporter, 'below'),
];

beforeEach(clearRegistry);
afterEach(() => writeFileSync(`${BINFMT_MISC}/status`, '1'));
afterAll(() => {
  clearRegistry();
  execFileSync('umount', [noexec]);
  remove();
});

/** What the last program on the way is started with, without its own name, and where /proc/self/exe leads. */
function argumentsOf({ steps, path: file }: Explanation): readonly string[] {
  let args = [file, '/proc/self/exe'];
  for (const { handler, path: current } of steps) {
    if (handler === null || handler.kind === 'elf') continue;
    const isKept = handler.kind === 'binfmt_misc' && handler.flags.includes('P');
    const argument = handler.kind === 'script' && handler.argument !== null ? [handler.argument] : [];
    args = [handler.interpreter, ...argument, current, ...args.slice(isKept ? 0 : 1)];
  }
  const last = steps.at(-1) as Step;
  const isGone = last.content.kind === 'unreadable';
  return [...args.slice(1, -1), isGone ? `${last.path} (deleted)` : last.path];
}

/** What the explanation says will be seen, provided that what the kernel holds open is still what is on disk. */
function prediction(explanation: Explanation): readonly string[] | string {
  const { outcome } = explanation;
  if (outcome.kind === 'fails') return outcome.errno;
  const errno = outcome.kind === 'unknown' ? outcome.errnoIfSame : null;
  return errno ?? argumentsOf(explanation);
}

/**
 * What may be seen where the kernel holds the reporter open and another file is at its path now: the way up to it
 * is as was said, and what was said of the rest must leave it open. The kernel may refuse the reporter, too, where
 * what led to it is held open.
 */
function predictionsWith(
  replaced: ReadonlySet<string>,
  explanation: Explanation,
): readonly (readonly string[] | string)[] {
  const { steps, outcome } = explanation;
  const held = steps.findIndex((step) => step.heldOpen && replaced.has(step.path));
  const step = steps[held];
  if (step === undefined || outcome.kind === 'fails') return [prediction(explanation)];
  expect(['unknown', 'runs-under'], explanation.verdict).toContain(outcome.kind);
  const args = argumentsOf({ ...explanation, steps: [...steps.slice(0, held), { ...step, handler: null }] });
  const ran = [...args.slice(0, -1), `${step.path} (deleted)`];
  return steps.slice(0, held).some(({ heldOpen }) => heldOpen) ? [ran, prediction(explanation)] : [ran];
}

async function explainAll(files: readonly string[]): Promise<readonly Explanation[]> {
  const snapshot = await readSnapshot();
  return Promise.all(files.map((file) => explainFile(file, snapshot)));
}

/** Bytes whose highest bit is set, as that of no first byte of this machine’s programs and scripts is. */
const byte = fc.constantFrom(0xa0, 0xa0, 0xa1, 0x80);
const foreign = ['aarch64', 's390x', 'mips', 'riscv32'].filter((name) => name !== theHostsTarget());
const heads = foreign.flatMap((name) => sampleHeads(theTarget(name)).slice(0, 2));

const matching = fc.oneof(
  fc.record({
    kind: fc.constant('magic' as const),
    offset: fc.constantFrom(0, 0, 1),
    bytes: fc.array(fc.tuple(byte, fc.constantFrom(0xff, 0xf0, 0x00)), { minLength: 1, maxLength: 3 }),
  }),
  fc.constantFrom(...foreign).map((target) => ({ kind: 'target' as const, target })),
  fc.constantFrom('fb1', 'fb2').map((extension) => ({ kind: 'extension' as const, extension })),
);
type Matching = typeof matching extends Arbitrary<infer Value> ? Value : never;

const entry = fc.record({
  matching,
  interpreter: fc.oneof(
    fc.constantFrom('own', 'replaced'),
    fc.constantFrom('own', 'vanishing', ...interpreters),
  ),
  /** What takes the place of an interpreter that is replaced. */
  successor: fc.constantFrom<string | Uint8Array>(
    'native',
    'directory',
    '',
    'abc',
    ...[reporter, chain[3], data, inDirectory('missing'), ''].map((one) => `#!${one}\n`),
    ...heads,
  ),
  flags: fc.subarray(['P', 'O', 'C', 'F']).map((flags) => flags.join('')),
  isEnabled: fc.constantFrom(true, true, true, false),
});

const script = fc
  .record({
    interpreter: fc.oneof(fc.constantFrom(...interpreters), fc.constant('')),
    space: fc.constantFrom('', ' ', '\t '),
    argument: fc.constantFrom('', '', ' /', '  / \t'),
    end: fc.constantFrom('\n', '\n', ''),
  })
  .map(({ interpreter, space, argument, end }) => `#!${space}${interpreter}${argument}${end}`);

const file = fc.record({
  content: fc.oneof(
    {
      weight: 4,
      arbitrary: fc.array(byte, { minLength: 1, maxLength: 6 }).map((bytes) => Uint8Array.from(bytes)),
    },
    { weight: 3, arbitrary: fc.constantFrom(...heads) },
    { weight: 4, arbitrary: script },
    { weight: 1, arbitrary: fc.constantFrom('', 'abc', '#!', '#! \n', `#!/${'x'.repeat(300)}`, 'native') },
  ),
  extension: fc.constantFrom('', '', '.fb1', '.fb2'),
  mode: fc.constantFrom(0o755, 0o755, 0o755, 0o755, 0o755, 0o644, 0o111),
  isOnNoexec: fc.constantFrom(false, false, false, false, false, false, false, true),
});

type GeneratedEntry = typeof entry extends Arbitrary<infer Value> ? Value : never;

/** Registers what the kernel takes of these, the last one in front. The paths of interpreters that were replaced since. */
function registerAll(entries: readonly GeneratedEntry[]): ReadonlySet<string> {
  const replaced = new Set<string>();
  for (const [index, { matching: wanted, interpreter, successor, flags, isEnabled }] of entries.entries()) {
    const own = path.isAbsolute(interpreter) ? null : inDirectory(`${interpreter}-${index}`);
    if (own !== null) {
      rmSync(own, { force: true, recursive: true });
      linkSync(reporter, own);
    }
    const name = `entry-${index}`;
    const common = { name, flags, interpreter: own ?? interpreter };
    try {
      register((rawRegisterLine({ ...common, ...fieldsOf(wanted) }) ?? Buffer.alloc(0)).toString('latin1'));
    } catch {
      continue; // F and an interpreter that is not there.
    }
    if (!isEnabled) writeToEntry(name, '0');
    if (own === null || interpreter === 'own') continue;
    rmSync(own);
    if (interpreter === 'replaced') {
      replaced.add(own);
      put(own, successor);
    }
  }
  return replaced;
}

/** Writes a new file. */
function put(target: string, content: string | Uint8Array, mode = 0o755): string {
  rmSync(target, { force: true });
  if (content === 'directory') mkdirSync(target);
  else if (content !== 'native') return write(target, content, mode);
  else copyFileSync(reporter, target);
  chmodSync(target, mode);
  return target;
}

type Fields = Registration extends infer One
  ? One extends Registration
    ? Omit<One, 'name' | 'flags' | 'interpreter'>
    : never
  : never;

function fieldsOf(wanted: Matching): Fields {
  switch (wanted.kind) {
    case 'extension':
      return wanted;
    case 'target': {
      const { magic, mask } = theTarget(wanted.target);
      return { kind: 'magic', offset: 0, magic, mask };
    }
    case 'magic': {
      // The first byte looks at the highest bit, so that it takes nothing of the machine’s own.
      const masks = wanted.bytes.map(([, mask], index) => (index === 0 ? mask | 0x80 : mask));
      const magic = hexOfBytes(wanted.bytes.map(([value]) => value));
      return { kind: 'magic', offset: wanted.offset, magic, mask: hexOfBytes(masks) };
    }
  }
}

function theHostsTarget(): string {
  return { x64: 'x86_64', arm64: 'aarch64', s390x: 's390x' }[process.arch as string] ?? process.arch;
}

describe('what execve does', () => {
  test('with generated files and registries is what was said, argument by argument', async () => {
    const seen = new Map<string, number>();
    let pairs = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(entry, { maxLength: 6 }),
        fc.array(file, { minLength: 12, maxLength: 12 }),
        fc.constantFrom(...Array(9).fill(true), false),
        async (entries, files, isOn) => {
          clearRegistry();
          const replaced = registerAll(entries);
          const paths = files.map(({ content, extension, mode, isOnNoexec }, index) =>
            put(path.join(isOnNoexec ? noexec : directory, `file-${index}${extension}`), content, mode),
          );
          if (!isOn) writeFileSync(`${BINFMT_MISC}/status`, '0');
          const explanations = await explainAll(paths);
          const happened = execute(paths);
          writeFileSync(`${BINFMT_MISC}/status`, '1');
          for (const [index, explanation] of explanations.entries()) {
            const { outcome, verdict, steps } = explanation;
            const said = `${verdict}\n${JSON.stringify(steps)}`;
            expect(predictionsWith(replaced, explanation), said).toContainEqual(happened[index]);
            const isReplaced = steps.some((step) => step.heldOpen && replaced.has(step.path));
            const kind = outcome.kind === 'fails' ? outcome.errno : outcome.kind;
            for (const one of isReplaced ? [kind, 'replaced'] : [kind])
              seen.set(one, (seen.get(one) ?? 0) + 1);
            pairs++;
          }
        },
      ),
      { numRuns: 80, endOnFailure: true },
    );
    expect(pairs).toBeGreaterThanOrEqual(500);
    const kinds = ['runs-natively', 'runs-under', 'unknown', 'replaced'];
    const wanted = [...kinds, 'ENOENT', 'EACCES', 'ENOEXEC', 'ELOOP', 'ENOTDIR'];
    expect([...seen.keys()].sort()).toEqual(wanted.sort());
  });
});

describe('a real program for arm64', () => {
  const manager = new BinfmtManager({ kind: 'root' }, noVersions, () => undefined);
  const program = path.join(process.env.TEST_PROGRAMS ?? '', 'arm64/bin/busybox');
  const explain = async (): Promise<Explanation> => explainFile(program, await manager.refresh());
  const registerIt = { kind: 'register', targets: ['aarch64'] } as const;

  async function carryOut(action: Action | null): Promise<void> {
    for (const request of action?.requests ?? []) {
      const { kind, message } = await manager.change(request);
      expect(kind, message).toBe('done');
    }
  }

  const disable = (): void => writeToEntry('qemu-aarch64', '0');
  const switchOff = (): void => writeFileSync(`${BINFMT_MISC}/status`, '0');
  const takeName = (fields: string): void => register(`:qemu-aarch64:${fields}:/bin/true:`);
  const obstacles: readonly (readonly [Action['label'], string, () => unknown])[] = [
    ['Register', 'there is no entry', () => undefined],
    ['Register', 'there is none, and binfmt_misc is switched off', switchOff],
    ['Enable', 'its entry is disabled', () => manager.change(registerIt).then(disable)],
    [
      'Enable',
      'its entry is disabled, and binfmt_misc switched off',
      () => manager.change(registerIt).then(disable).then(switchOff),
    ],
    ['Switch on', 'binfmt_misc is switched off', () => manager.change(registerIt).then(switchOff)],
    ['Replace', 'its name is taken by another magic', () => takeName('M::\\xf0\\xf1:')],
    ['Replace', 'its name is taken by an extension', () => takeName('E::qemu:')],
    [
      'Replace',
      'its name is taken, and binfmt_misc switched off',
      () => {
        takeName('M::\\xf0\\xf1:');
        switchOff();
      },
    ],
  ];

  test.each(obstacles)('that needs “%s”, for %s, runs once that is done', async (label, _why, obstruct) => {
    await obstruct();
    const before = await explain();
    expect(runForeignProgram('uname', '-m')).toContain('Exec format error');
    expect(before.outcome).toEqual({ kind: 'fails', errno: 'ENOEXEC', entry: null });
    expect(before.action?.label).toBe(label);
    await carryOut(before.action);
    expect(runForeignProgram('uname', '-m')).toBe('aarch64');
    expect((await explain()).outcome).toEqual({
      kind: 'runs-under',
      interpreter: '/usr/local/bin/qemu-aarch64-static',
      entry: 'qemu-aarch64',
    });
  });

  test('whose target’s name is taken leaves a finding on the target’s row', async () => {
    takeName('M::\\xf0\\xf1:');
    const snapshot = await manager.refresh();
    const row = rowNamed(snapshot, 'aarch64');
    expect(describeState(row, snapshot)).toContain('the one called qemu-aarch64 takes something else');
    expect(findingsOfRow(snapshot.findings, row)).toMatchObject([
      { id: 'matches-nothing', namesake: 'aarch64', action: { label: 'Replace' } },
    ]);
  });

  test('needs binfmt_misc mounted', async () => {
    await manager.change(registerIt);
    coverBinfmtMisc();
    try {
      const before = await explain();
      expect(before.action?.label).toBe('Mount');
      await carryOut(before.action);
      expect((await explain()).outcome.kind).toBe('runs-under');
      uncoverBinfmtMisc();
    } finally {
      uncoverBinfmtMisc();
    }
  });

  test('whose loader is not there starts, and QEMU stops at once', async () => {
    await manager.change(registerIt);
    const bytes = readFileSync(program);
    const at = bytes.readUInt16LE(56) * 56;
    // The last program header becomes a PT_INTERP that leads to a path behind the file's end.
    const loader = Buffer.from('/lib/ld-of-no-machine.so.1\0');
    const header = 64 + at - 56;
    bytes.writeUInt32LE(3, header);
    bytes.writeBigUInt64LE(BigInt(bytes.length), header + 8);
    bytes.writeBigUInt64LE(BigInt(loader.length), header + 32);
    const dynamic = write('dynamic', Buffer.concat([bytes, loader]));
    const { outcome, verdict } = await explainFile(dynamic, await readSnapshot());
    expect(outcome).toMatchObject({ kind: 'stops-under', missingLoader: '/lib/ld-of-no-machine.so.1' });
    expect(verdict).toContain('the loader /lib/ld-of-no-machine.so.1 for its CPU is not there');
    const { status, stderr } = spawnSync(dynamic, { encoding: 'utf8' });
    expect(status).not.toBe(0);
    expect(stderr).toContain("Could not open '/lib/ld-of-no-machine.so.1'");
  });
});

describe('what is no program', () => {
  test('gets its answer, and nothing is read that would block or be long', async () => {
    const pipe = inDirectory('pipe');
    execFileSync('mkfifo', ['-m', '755', pipe]);
    const large = write('large', '');
    truncateSync(large, 10 * 1024 ** 3);
    const socket = inDirectory('socket');
    const server = createServer().listen(socket);
    await once(server, 'listening');
    const files = [
      directory,
      pipe,
      socket,
      '/dev/null',
      large,
      inDirectory('nothing'),
      `${large}/below`,
      `${large}\0`,
    ];
    const explanations = await explainAll(files);
    server.close();
    expect(
      explanations.map(({ outcome }) => (outcome.kind === 'fails' ? outcome.errno : outcome.kind)),
    ).toEqual(['EACCES', 'EACCES', 'EACCES', 'EACCES', 'ENOEXEC', 'ENOENT', 'ENOTDIR', 'ENOENT']);
    expect(execute(files.slice(0, 2))).toEqual(['EACCES', 'EACCES']);
    expect(explanations.map(({ steps }) => steps[0]?.content.kind).slice(0, 5)).toEqual([
      'directory',
      'fifo',
      'socket',
      'character-device',
      'other',
    ]);
  });

  test('is one of the machine’s own whose loader is not there', async () => {
    const bytes = readFileSync('/usr/bin/realpath');
    const loader = explainedLoader(await explainFile('/usr/bin/realpath', await readSnapshot()));
    const at = bytes.indexOf(`${loader}\0`);
    bytes.write('X', at + loader.length - 1);
    const [explanation] = await explainAll([write('without-loader', bytes)]);
    expect(explanation?.outcome).toEqual({ kind: 'fails', errno: 'ENOENT', entry: null });
    expect(explanation?.verdict).toContain(`needs the loader ${loader.slice(0, -1)}X, which is not there`);
    expect(execute([inDirectory('without-loader')])).toEqual(['ENOENT']);
  });

  test.each([
    ['a script', '#!/bin/sh\n'.padEnd(64, '#'), 'ELIBBAD'],
    ['shorter than an ELF header', '#!/bin/sh\n', 'EIO'],
    ['a program for another CPU', heads[0] ?? '', 'ELIBBAD'],
    ['a directory', null, 'EACCES'],
  ])('is one of the machine’s own whose loader is %s', async (_, content, errno) => {
    const bytes = readFileSync('/usr/bin/realpath');
    const loader = explainedLoader(await explainFile('/usr/bin/realpath', await readSnapshot()));
    const own = mkdtempSync('/tmp/l-');
    const other = path.join(own, 'l');
    if (content === null) mkdirSync(other);
    else write(other, content);
    // Slashes fill the path up to the length of the loader's.
    bytes.write(other.padStart(loader.length, '/'), bytes.indexOf(`${loader}\0`));
    const files = [write('with-other-loader', bytes)];
    const [explanation] = await explainAll(files);
    expect(explanation?.outcome).toEqual({ kind: 'fails', errno, entry: null });
    expect(execute(files)).toEqual([errno]);
    rmSync(own, { recursive: true });
  });

  test('is an object file, or a library, which the kernel starts all the same', async () => {
    const header = readFileSync('/usr/bin/realpath').subarray(0, 64);
    // Its type is 1, and it has no program headers.
    header.writeUInt16LE(1, 16);
    header.fill(0, 32, 40).fill(0, 54, 58);
    const object = write('object.o', header);
    const library = inDirectory('libm.so');
    copyFileSync(/\/\S*\/libm\.so\S*/.exec(readFileSync('/proc/self/maps', 'utf8'))?.[0] ?? '', library);
    chmodSync(library, 0o755);
    const [ofObject, ofLibrary] = await explainAll([object, library]);
    expect(ofObject?.outcome).toEqual({ kind: 'fails', errno: 'ENOEXEC', entry: null });
    expect(ofObject?.steps[0]?.description).toMatch(/^ELF object file, (?!.*(?:damaged|static))/);
    expect(ofObject?.verdict).toContain('it is an ELF object file, and no program');
    expect(execute([object])).toEqual(['ENOEXEC']);
    expect(ofLibrary?.outcome).toEqual({ kind: 'starts-library', entry: null });
    expect(ofLibrary?.steps[0]?.description).toMatch(/^ELF shared library, (?!.*static)/);
    expect(ofLibrary?.verdict).toContain('it is a library that programs load');
    expect(spawnSync(library).signal).toBe('SIGSEGV');
    // A static PIE has the type of a library.
    const [ofProgram] = await explainAll(['/usr/local/bin/qemu-aarch64-static']);
    expect(ofProgram?.outcome.kind).toBe('runs-natively');
  });

  test('is a script that ends its #! line as on Windows', async () => {
    const files = [write('crlf', '#!/bin/sh\r\nexit 0\r\n'), write('crlf-argument', '#!/bin/sh -e\r\n')];
    const [refused, started] = await explainAll(files);
    expect(refused?.outcome).toEqual({ kind: 'fails', errno: 'ENOENT', entry: null });
    expect(refused?.verdict).toContain('“/bin/sh␍”');
    expect(refused?.verdict).toContain('the #! line ends as on Windows');
    expect(started?.outcome.kind).toBe('runs-natively');
    expect(started?.verdict).toContain('Its #! line ends as on Windows');
    for (const one of [refused, started]) expect(one?.verdict).not.toContain('\r');
    expect(execute(files.slice(0, 1))).toEqual(['ENOENT']);
    expect(spawnSync(files[1] ?? '', { encoding: 'utf8' }).stderr).toContain('Illegal option');
  });

  test('is cut off behind its header', async () => {
    const bytes = readFileSync('/usr/bin/realpath');
    const files = [20, 64, 100, 500].map((length) => write(`cut-${length}`, bytes.subarray(0, length)));
    const explanations = await explainAll(files);
    expect(explanations.map(prediction)).toEqual(execute(files));
    expect(explanations[1]?.verdict).toContain('cut off, damaged');
  });
});

const explainedLoader = ({ steps }: Explanation): string => {
  const content = steps[0]?.content;
  return content?.kind === 'elf' ? (content.loader ?? '') : '';
};
