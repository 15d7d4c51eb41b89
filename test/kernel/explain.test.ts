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
import { constants } from 'node:os';
import path from 'node:path';
import fc, { type Arbitrary } from 'fast-check';
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Action } from '../../electron/binfmt/diagnosis/action.ts';
import { explainFile } from '../../electron/binfmt/explain/explain-file.ts';
import type { Explanation, Step } from '../../electron/binfmt/explain/explanation.ts';
import { hexOfBytes } from '../../electron/binfmt/hex.ts';
import type { Registration } from '../../electron/binfmt/register-line.ts';
import { sampleHeads } from '../../electron/binfmt/sample-files.ts';
import { BinfmtManager } from '../../electron/manager.ts';
import { theTarget } from '../support/example-data.ts';
import { runForeignProgram } from '../support/foreign-program.ts';
import { temporaryDirectory } from '../support/interpreters.ts';
import { coverBinfmtMisc, uncoverBinfmtMisc } from '../support/mounts.ts';
import { rawRegisterLine } from '../support/raw-register-line.ts';
import { noVersions, readSnapshot } from '../support/read-snapshot.ts';
import { BINFMT_MISC, clearRegistry, register, writeToEntry } from '../support/registry.ts';

/**
 * Calls execve(2) itself for each file, in a child of its own: libc and shells would hand a file that the kernel
 * refuses to /bin/sh. Prints what the program printed, or the errno.
 */
const EXECVE = String.raw`
my ($number, @files) = @ARGV;
for my $file (@files) {
  pipe(my $read, my $write);
  if (my $pid = fork()) {
    close $write;
    local $/;
    print <$read> // '', "\0";
    waitpid($pid, 0);
    next;
  }
  open STDOUT, '>&', $write;
  open STDERR, '>', '/dev/null';
  my @args = ($file, '/proc/self/exe');
  my $args = pack('p*', @args) . "\0" x 8;
  my $environment = "\0" x 8;
  syscall($number, $file, $args, $environment);
  syswrite STDOUT, 'errno ' . ($! + 0);
  kill KILL => $$;
}`;
const execveNumbers: Readonly<Record<string, string>> = {
  x64: '59',
  arm64: '221',
  riscv64: '221',
  s390x: '11',
};

/** What becomes of each file: the lines it printed, or the name of the errno. */
function execute(files: readonly string[]): readonly (readonly string[] | string)[] {
  const number = execveNumbers[process.arch];
  if (number === undefined) throw new Error(`The number of execve(2) on ${process.arch} is not known here.`);
  const output = execFileSync('perl', ['-e', EXECVE, number, ...files], { encoding: 'utf8' });
  // Node names no errno that POSIX does not.
  const names = Object.entries({ ...constants.errno, ELIBBAD: 80 });
  return output
    .split('\0')
    .slice(0, -1)
    .map((printed) => {
      const errno = /^errno (\d+)$/.exec(printed)?.[1];
      if (errno === undefined) return printed.split('\n').filter(Boolean);
      return names.find(([, value]) => value === Number(errno))?.[0] ?? errno;
    });
}

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

/** What the explanation says will be seen. */
const prediction = (explanation: Explanation): readonly string[] | string =>
  explanation.outcome.kind === 'fails' ? explanation.outcome.errno : argumentsOf(explanation);

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
  interpreter: fc.oneof(fc.constant('own' as const), fc.constantFrom('own', 'vanishing', ...interpreters)),
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

/** Registers what the kernel takes of these, the last one in front. */
function registerAll(
  entries: readonly (typeof entry extends Arbitrary<infer Value> ? Value : never)[],
): void {
  for (const [index, { matching: wanted, interpreter, flags, isEnabled }] of entries.entries()) {
    const own = inDirectory(`${interpreter === 'vanishing' ? 'vanishing' : 'interpreter'}-${index}`);
    if (interpreter === 'own' || interpreter === 'vanishing') {
      rmSync(own, { force: true });
      linkSync(reporter, own);
    }
    const name = `entry-${index}`;
    const common = { name, flags, interpreter: path.isAbsolute(interpreter) ? interpreter : own };
    try {
      register((rawRegisterLine({ ...common, ...fieldsOf(wanted) }) ?? Buffer.alloc(0)).toString('latin1'));
    } catch {
      continue; // F and an interpreter that is not there.
    }
    if (!isEnabled) writeToEntry(name, '0');
    if (interpreter === 'vanishing') rmSync(own);
  }
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
          registerAll(entries);
          const paths = files.map(({ content, extension, mode, isOnNoexec }, index) => {
            const target = path.join(isOnNoexec ? noexec : directory, `file-${index}${extension}`);
            rmSync(target, { force: true });
            if (content !== 'native') return write(target, content, mode);
            copyFileSync(reporter, target);
            chmodSync(target, mode);
            return target;
          });
          if (!isOn) writeFileSync(`${BINFMT_MISC}/status`, '0');
          const explanations = await explainAll(paths);
          const happened = execute(paths);
          writeFileSync(`${BINFMT_MISC}/status`, '1');
          for (const [index, explanation] of explanations.entries()) {
            const { outcome, verdict } = explanation;
            expect(happened[index], `${verdict}\n${JSON.stringify(explanation.steps)}`).toEqual(
              prediction(explanation),
            );
            const kind = outcome.kind === 'fails' ? outcome.errno : outcome.kind;
            seen.set(kind, (seen.get(kind) ?? 0) + 1);
            pairs++;
          }
        },
      ),
      { numRuns: 80, endOnFailure: true },
    );
    expect(pairs).toBeGreaterThanOrEqual(500);
    const wanted = ['runs-natively', 'runs-under', 'ENOENT', 'EACCES', 'ENOEXEC', 'ELOOP', 'ENOTDIR'];
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

  const obstacles: readonly (readonly [Action['label'], () => unknown])[] = [
    ['Register', () => undefined],
    ['Enable', () => manager.change(registerIt).then(() => writeToEntry('qemu-aarch64', '0'))],
    ['Switch on', () => manager.change(registerIt).then(() => writeFileSync(`${BINFMT_MISC}/status`, '0'))],
  ];

  test.each(obstacles)('that needs “%s” runs once that is done', async (label, obstruct) => {
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
