import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import * as v from 'valibot';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Operation, problemOfPlan } from '../../electron/binfmt/operations.ts';
import type { Registration } from '../../electron/binfmt/register-line.ts';
import { parseReport } from '../../electron/elevation/report.ts';
import { buildScript } from '../../electron/elevation/script.ts';
import { argumentSchemas } from '../../electron/ipc/schemas.ts';
import { BinfmtManager } from '../../electron/manager.ts';
import type { ChangeRequest } from '../../electron/plan-change.ts';
import { temporaryDirectory } from '../support/interpreters.ts';
import { coverEtc, listBootFiles, readBootFile } from '../support/private-etc.ts';
import { clearRegistry, listEntries, readEntry, register } from '../support/registry.ts';

const MESSAGES = 1500;
const REGISTRATIONS = 1500;

const { directory, remove } = temporaryDirectory();
/** Where whatever got executed would leave its mark: it is the working directory, too. */
const canary = path.join(directory, 'canary');
const startedIn = process.cwd();

const manager = new BinfmtManager(
  { kind: 'root' },
  { get: () => null, set: () => undefined },
  () => undefined,
);

let uncoverEtc: () => void = () => undefined;

beforeAll(() => {
  uncoverEtc = coverEtc();
  mkdirSync(canary);
  process.chdir(canary);
});
beforeEach(clearRegistry);
afterAll(() => {
  process.chdir(startedIn);
  clearRegistry();
  uncoverEtc();
  remove();
});

const commands = ['touch pwned', `touch ${canary}/pwned`, 'echo 0 > status', ': > pwned'];
const wrappings: readonly ((command: string) => string)[] = [
  (command) => `$(${command})`,
  (command) => `\`${command}\``,
  (command) => `'; ${command}; '`,
  (command) => `"; ${command}; "`,
  (command) => `\n${command}\n`,
  (command) => `' && ${command} #`,
  (command) => `\${x:-$(${command})}`,
  (command) => `| ${command}`,
  (command) => `\\'; ${command}; \\'`,
  (command) => `<(${command})`,
  (command) => `\x00${command}`,
  (command) => `$'\\x27'; ${command}`,
];

/** Text that a careless program would execute, follow or choke on. */
const hostileText = fc.oneof(
  fc
    .tuple(fc.constantFrom(...wrappings), fc.constantFrom(...commands), fc.string({ maxLength: 8 }))
    .map(([wrap, command, prefix]) => prefix + wrap(command)),
  fc.constantFrom(
    ...[
      '',
      '.',
      '..',
      '../status',
      '../../../../tmp/pwned',
      '/etc/passwd',
      'status',
      'register',
      '-1',
      '--',
      '*',
      '~',
    ],
    ...[
      'a'.repeat(255),
      'a'.repeat(256),
      'x'.repeat(4096),
      '\ud800',
      '\udc80\udcff',
      '\u202e',
      '\r\n',
      'constructor',
      '__proto__',
    ],
  ),
  fc.string({ unit: 'binary', maxLength: 40 }),
);

const hostileValue = fc.oneof(
  hostileText,
  fc.anything({
    withBigInt: true,
    withNullPrototype: true,
    withMap: true,
    withSet: true,
    withTypedArray: true,
  }),
);

const kinds = [
  'switch-target',
  'switch-entries',
  'register',
  'unregister',
  'reset',
  'switch-master',
  'mount',
  'undo',
  'replace',
  'add-format',
  'apply-boot',
  'keep-at-boot',
  'not-at-boot',
];

const hostileRegistration = fc.record({
  kind: fc.constant('extension' as const),
  name: hostileText,
  interpreter: hostileText.map((text) => `/${text}`),
  flags: fc.oneof(fc.constantFrom('', 'P', 'OC'), hostileText),
  extension: fc.oneof(fc.constant('hostile'), hostileText),
});

const hostileOptions = fc.record({
  interpreter: fc.oneof(
    fc.record({
      kind: fc.constant('directory'),
      directory: hostileText.map((text) => `/${text}`),
      suffix: hostileText,
    }),
    fc.record({ kind: fc.constant('file'), path: hostileText }),
    hostileValue,
  ),
  persistent: fc.oneof(fc.boolean(), hostileValue),
  credentials: fc.boolean(),
  preserveArgv0: fc.oneof(fc.boolean(), fc.constant('as-needed'), hostileValue),
});

/** Messages that nearly or wholly have the promised shape, and some that have none. */
const message = fc.oneof(
  fc.record(
    {
      kind: fc.oneof(fc.constantFrom(...kinds), hostileValue),
      target: fc.oneof(hostileText, hostileValue),
      name: fc.oneof(hostileText, hostileValue),
      names: fc.oneof(fc.array(hostileText, { maxLength: 4 }), hostileValue),
      targets: fc.oneof(fc.array(hostileText, { maxLength: 4 }), hostileValue),
      on: fc.oneof(fc.boolean(), hostileValue),
      change: fc.oneof(fc.integer(), hostileValue),
      options: fc.oneof(hostileOptions, hostileValue),
      existing: fc.oneof(fc.constantFrom('keep', 'replace'), hostileValue),
      registration: fc.oneof(hostileRegistration, hostileValue),
      removeOthers: fc.oneof(fc.boolean(), hostileValue),
      agreed: fc.oneof(
        fc.array(fc.record({ path: hostileText, text: hostileText, link: fc.option(hostileText) })),
        hostileValue,
      ),
    },
    { requiredKeys: ['kind'] },
  ),
  fc.record({ kind: fc.constant('switch-entries'), names: fc.array(hostileText), on: fc.boolean() }),
  fc.record({
    kind: fc.constant('unregister'),
    names: fc.array(hostileText, { minLength: 1, maxLength: 3 }),
  }),
  fc.record({ kind: fc.constant('reset'), names: fc.array(hostileText, { minLength: 1, maxLength: 3 }) }),
  fc.record({
    kind: fc.constant('register'),
    targets: fc.array(hostileText, { minLength: 1, maxLength: 3 }),
  }),
  fc.record({
    kind: fc.constant('register'),
    targets: fc.constantFrom(['arm'], ['arm', 'sh4'], ['x86_64'], ['i386']),
    options: hostileOptions,
    existing: fc.constant('replace'),
    ownFamily: fc.boolean(),
  }),
  fc.record({
    kind: fc.constantFrom('keep-at-boot', 'not-at-boot'),
    names: fc.array(hostileText, { minLength: 1, maxLength: 3 }),
    agreed: fc.array(
      fc.record({
        path: hostileText.map((text) => `/${text}`),
        text: hostileText,
        link: fc.option(hostileText),
      }),
    ),
  }),
  fc.record({ kind: fc.constant('add-format'), registration: hostileRegistration }),
  hostileValue,
);

/** What may change something after all; with an interpreter of any name, which nothing executes. */
const mayWork: readonly string[] = ['switch-master', 'mount', 'register', 'add-format'];

const expectNothingExecuted = (): void => expect(readdirSync(canary)).toEqual([]);

describe('hostile input', () => {
  test(`${MESSAGES} ipc messages: each is refused with a reason or does what it says, and nothing else`, async () => {
    const messages = fc.sample(message, MESSAGES);
    let wellFormed = 0;
    for (const one of messages) {
      const parsed = v.safeParse(argumentSchemas.change, [one]);
      if (!parsed.success) {
        expect(v.summarize(parsed.issues)).not.toBe('');
        continue;
      }
      wellFormed += 1;
      const [request] = parsed.output;
      const result = await manager.change(request as ChangeRequest);
      expect(result.message).not.toBe('');
      if (!mayWork.includes(request.kind)) expect(result.kind).toBe('failed');
      if (result.kind === 'failed') expect(listEntries()).toEqual([]);
      clearRegistry();
      expect(listBootFiles()).toEqual([]);
    }
    // Otherwise this would only try the schema.
    expect(wellFormed).toBeGreaterThan(MESSAGES / 10);
    expectNothingExecuted();
  }, 120_000);

  test(`${REGISTRATIONS} registrations with hostile names, paths and flags go to the kernel as they are, or nowhere`, async () => {
    const registrations: readonly Registration[] = fc.sample(hostileRegistration, REGISTRATIONS);
    const snapshot = await manager.refresh();
    const accepted = new Map<string, Registration>();
    for (const registration of registrations) {
      const problem = problemOfPlan([{ kind: 'register', registration }], snapshot);
      if (problem === null) accepted.set(registration.name, registration);
      else expect(problem).toMatch(/\.$/);
    }
    expect(accepted.size).toBeGreaterThan(100);

    for (const batch of inBatches([...accepted.values()], 50)) {
      const plan = batch.flatMap((registration): readonly Operation[] => [
        { kind: 'register', registration },
        { kind: 'disable', name: registration.name },
      ]);
      const outcomes = parseReport(run(buildScript(plan, 'token', [])), plan, 'token');
      for (const outcome of outcomes) {
        const name = outcome.operation.kind === 'register' ? outcome.operation.registration.name : null;
        if (name === null || outcome.status !== 'done') continue;
        expect(readEntry(name)).toContain(`interpreter ${accepted.get(name)?.interpreter}\n`);
      }
      expect(outcomes.every((outcome) => ['done', 'failed'].includes(outcome.status))).toBe(true);
      expect(listEntries().every((name) => accepted.has(name))).toBe(true);
      clearRegistry();
    }
    expectNothingExecuted();
  }, 120_000);

  test('entries that are there under hostile names can be switched and removed, whatever they are called', async () => {
    const names = [...new Set(fc.sample(hostileText, 300))].filter(
      (name) =>
        name !== '' &&
        !/[/\0]/.test(name) &&
        !['.', '..', 'status', 'register'].includes(name) &&
        Buffer.byteLength(name) < 250,
    );
    for (const name of names) {
      const delimiter = [...':|,;#%&+=@^~?\x01\x02'].find((one) => !name.includes(one)) ?? '\x03';
      register(['', name, 'E', '', 'hostile', '', '/bin/true', ''].join(delimiter));
    }
    const { entries } = await manager.refresh();
    const present = entries.map((entry) => entry.name);
    for (const name of present.slice(0, 60)) {
      const result = await manager.change({ kind: 'switch-entries', names: [name], on: false });
      expect(result.kind).toBe('done');
      expect(readEntry(name)).toMatch(/^disabled\n/);
    }
    let kept = 0;
    for (const name of present.slice(0, 80)) {
      const file = `${name}.conf`;
      const result = await manager.change({ kind: 'keep-at-boot', names: [name], agreed: [] });
      expect(result.message).not.toBe('');
      expect(listBootFiles().length).toBe(result.kind === 'done' ? 1 : 0);
      if (result.kind !== 'done') continue;
      kept += 1;
      expect(readBootFile(file)).toMatchObject({ kind: 'text', text: expect.stringContaining(name) });
      const undone = await manager.change({ kind: 'undo', change: result.undo ?? 0 });
      expect(undone.kind).toBe('done');
    }
    expect(kept).toBeGreaterThan(20);
    for (const batch of inBatches(present, 100)) {
      const { kind, message, details } = await manager.change({ kind: 'unregister', names: batch });
      expect({ kind, message, details }).toMatchObject({ kind: 'done' });
    }
    expect(listEntries()).toEqual([]);
    expectNothingExecuted();
  }, 120_000);
});

const run = (script: string): string => execFileSync('/bin/bash', ['-c', script], { encoding: 'latin1' });

const inBatches = <Item>(items: readonly Item[], size: number): readonly (readonly Item[])[] =>
  Array.from({ length: Math.ceil(items.length / size) }, (_, index) =>
    items.slice(index * size, (index + 1) * size),
  );
