import { describe, expect, test } from 'vitest';
import type {
  BootConfiguration,
  BootFile,
  BootRule,
  RowBoot,
} from '../../electron/binfmt/boot/boot-configuration.ts';
import { bootSentences } from '../../electron/binfmt/boot/boot-sentences.ts';
import { bootWordOf, compareAtBoot } from '../../electron/binfmt/boot/boot-word.ts';
import type { Row } from '../../electron/binfmt/snapshot.ts';
import { bootFile, exampleRow, noBoot, registrationOfTarget } from '../support/example-data.ts';

const aarch64 = registrationOfTarget('aarch64');
const PATH = '/usr/lib/binfmt.d/qemu-aarch64.conf';
const rule: BootRule = { registration: aarch64, path: PATH, line: 3, by: 'binfmt.d' };
const kept = (changes: Partial<Extract<RowBoot, { kind: 'kept' }>> = {}): RowBoot => ({
  kind: 'kept',
  rule,
  differs: null,
  service: true,
  ...changes,
});
const REFUSED =
  'It will not come back: its flag F has the kernel open /x when it is registered, which is not there.';
const DIFFERS = 'After a restart its flags will be P.';
const rowWith = (boot: RowBoot | null, changes: Partial<Row> = {}): Row =>
  exampleRow({ boot, bootLine: ':line:', registerLine: ':line:', ...changes });

const rows: readonly (readonly [Row, word: string, mark: string | null, says: string])[] = [
  [rowWith(kept()), 'kept', null, `${PATH}, line 3, brings it back.`],
  [rowWith(kept({ differs: DIFFERS })), 'kept', 'differs', `${PATH}, line 3, brings it back. ${DIFFERS}`],
  [rowWith(kept({ service: false })), 'file unread', null, `No service on this machine reads ${PATH}.`],
  [rowWith({ kind: 'until-restart' }), 'until restart', null, 'Nothing brings it back at boot.'],
  [
    rowWith({ kind: 'refused', rule, why: REFUSED }),
    'refused',
    null,
    `${PATH}, line 3, has it registered at boot, in vain. ${REFUSED}`,
  ],
  [rowWith({ kind: 'comes-back', rule }), 'comes back', null, `${PATH}, line 3, registers it at boot.`],
  [rowWith(null), '—', null, 'The next start of the machine registers nothing.'],
];

test.each(rows)('the column says it in a word', (row, word, mark, says) => {
  expect(bootWordOf(row)).toEqual({ word, mark, says });
});

test('the column sorts what is kept first, and what differs behind what does not', () => {
  const sorted = rows.map(([row]) => row);
  expect([...sorted].reverse().sort(compareAtBoot)).toEqual(sorted);
});

describe('the paragraph', () => {
  const vendors = (changes: Partial<BootFile>): BootFile =>
    bootFile('qemu-aarch64.conf', 'x', { path: PATH, rules: [rule], ...changes });
  const says = (row: Row, configuration: Partial<BootConfiguration> = {}): string =>
    bootSentences(row, { ...noBoot, ...configuration }).join('\n');

  test('names who brings it back, from where, and what will be different', () => {
    expect(says(rowWith(kept()))).toBe(
      `systemd-binfmt brings it back when the machine starts as it is now, from ${PATH}, line 3.`,
    );
    const different = rowWith(kept({ differs: DIFFERS }), { bootLine: ':other:' });
    expect(says(different)).toBe(
      `systemd-binfmt brings it back when the machine starts, from ${PATH}, line 3.\n${DIFFERS}`,
    );
    expect(says(rowWith(kept()), { services: ['openrc'] })).toContain(
      'OpenRC’s service binfmt brings it back',
    );
  });

  test('says that the kernel will refuse what a file has registered, and why', () => {
    expect(says(rowWith({ kind: 'refused', rule, why: REFUSED }))).toBe(
      `${PATH}, line 3, has it registered when the machine starts, in vain.\n${REFUSED}`,
    );
  });

  test('says what to do where no service reads the file, or would read one', () => {
    expect(says(rowWith(kept({ service: false })), { services: [] })).toMatch(
      /no service on this machine reads that file\. .*systemctl unmask systemd-binfmt/,
    );
    expect(says(rowWith({ kind: 'until-restart' }), { services: [] })).toMatch(
      /a restart loses it\.\nNo service on this machine reads files that could\./,
    );
    expect(says(rowWith({ kind: 'until-restart' }))).toMatch(/a restart loses it\.$/);
  });

  test('says that binfmt-support has a list of its own', () => {
    const path = '/var/lib/binfmts/qemu-aarch64';
    const format = {
      name: 'qemu-aarch64',
      path,
      text: '',
      link: null,
      author: 'others',
      origin: 'database',
      package: 'qemu-user-static',
      registration: aarch64,
      detector: null,
      problem: null,
    } as const;
    const row = rowWith(kept({ rule: { ...rule, path, by: 'binfmt-support' } }));
    expect(says(row, { services: ['binfmt-support'], formats: [format] })).toBe(
      `binfmt-support registers it when the machine starts, from a list of its own, ${path}. It came with the package qemu-user-static.`,
    );
  });

  test('says what brings a format into that list again', () => {
    const template = {
      name: 'qemu-aarch64',
      path: '/usr/share/binfmts/qemu-aarch64',
      text: '',
      link: null,
      author: 'others',
      origin: 'template',
      package: 'qemu-user-static',
      registration: aarch64,
      detector: null,
      problem: null,
    } as const;
    const row = rowWith({ kind: 'until-restart' });
    const sentence = `${template.path} brings it into binfmt-support’s list when update-binfmts imports it, as the package qemu-user-static has it do at each upgrade.`;
    expect(says(row, { services: ['binfmt-support'], formats: [template] })).toContain(sentence);
    expect(says(row, { services: ['systemd-binfmt'], formats: [template] })).not.toContain(template.path);
    const listed = { ...template, origin: 'database', path: '/var/lib/binfmts/qemu-aarch64' } as const;
    expect(says(row, { services: ['binfmt-support'], formats: [listed, template] })).not.toContain(
      template.path,
    );
  });

  test('names the file that counts instead of another', () => {
    const winner = bootFile('qemu-aarch64.conf', null);
    const hidden = vendors({ state: 'overridden', overriddenBy: winner.path });
    expect(says(rowWith(null), { files: [winner, hidden] })).toContain(
      `${PATH} would register it, but ${winner.path} masks that file.`,
    );
    const own = bootFile('qemu-aarch64.conf', 'x');
    expect(says(rowWith({ kind: 'until-restart' }), { files: [own, hidden] })).toContain(
      `${PATH} would register it, but ${own.path} is read instead`,
    );
    expect(says(rowWith(null), { files: [vendors({ state: 'overridden' })] })).toContain(
      `${PATH} would register it too, but is not read.`,
    );
  });

  test('says what keeps it from being the whole truth', () => {
    expect(says(rowWith(null), { problems: ['/etc/binfmt.d may not be read by you.'] })).toContain(
      'This may not be all: /etc/binfmt.d may not be read by you.',
    );
  });
});
