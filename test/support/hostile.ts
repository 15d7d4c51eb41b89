import { existsSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';

/** What would leave a mark where it is executed: a file of this name, or the master switch off. */
export const MARK = 'pwned';
const commands = [
  `touch ${MARK}`,
  `touch /tmp/${MARK}`,
  `touch /${MARK}`,
  'echo 0 > status',
  'echo 0 > /proc/sys/fs/binfmt_misc/status',
  `: > ${MARK}`,
];
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
export const hostileText = fc.oneof(
  fc
    .tuple(fc.constantFrom(...wrappings), fc.constantFrom(...commands), fc.string({ maxLength: 8 }))
    .map(([wrap, command, prefix]) => prefix + wrap(command)),
  fc.constantFrom(
    ...[
      '',
      '.',
      '..',
      '../status',
      `../../../../tmp/${MARK}`,
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

export const hostileValue = fc.oneof(
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

/** Registrations that the kernel might take, each with something in it that nobody should. */
export const hostileRegistration = fc.record({
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

/** Requests of changes that nearly or wholly have the promised shape, and some that have none. */
export const hostileRequest = fc.oneof(
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
      agreed: fc.oneof(fc.array(fc.record({ path: hostileText, text: hostileText })), hostileValue),
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
    agreed: fc.array(fc.record({ path: hostileText.map((text) => `/${text}`), text: hostileText })),
  }),
  fc.record({ kind: fc.constant('add-format'), registration: hostileRegistration }),
  hostileValue,
);

/** The places, of those where it could have been left, that have a mark. */
export const marksIn = (...directories: readonly string[]): readonly string[] =>
  [...directories, '/', '/tmp', '/etc', '/etc/binfmt.d', process.cwd()]
    .map((directory) => path.join(directory, MARK))
    .filter((file) => existsSync(file));
