import os from 'node:os';
import fc from 'fast-check';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { encodeBytes } from '../../electron/binfmt/bytes.ts';
import { confFilesOf } from '../../electron/binfmt/exchange/conf.ts';
import { type DesiredEntry, entryOfDesired } from '../../electron/binfmt/exchange/desired-entry.ts';
import { templateFilesOf } from '../../electron/binfmt/exchange/template.ts';
import { formatRegisterLine, type Registration } from '../../electron/binfmt/register-line.ts';
import {
  interpreterPathOf,
  type RegisterOptions,
  registrationWith,
} from '../../electron/binfmt/register-options.ts';
import { familyOfMachine, targets } from '../../electron/binfmt/targets.ts';
import { registration } from '../support/arbitraries.ts';
import { clearRegistry } from '../support/registry.ts';
import { askKernel } from '../support/try-kernel.ts';

beforeEach(clearRegistry);
afterAll(clearRegistry);

/** With F the kernel opens it. */
const openable = (one: Registration): Registration =>
  one.flags.includes('F') ? { ...one, interpreter: '/bin/bash' } : one;
const desired = (one: Registration): DesiredEntry => ({ registration: one, enabled: true });

/** What the kernel makes of the line that registers it directly. */
function directly(one: Registration) {
  const line = formatRegisterLine(one);
  if (!line.ok) throw new RangeError(line.problem);
  return askKernel(encodeBytes(line.value), one.name);
}

/** The lines that systemd-binfmt hands to the kernel: stripped, without comments (src/binfmt/binfmt.c). */
const linesForSystemd = (text: string): readonly string[] =>
  text
    .split(/[\n\r\0]/)
    .map((line) => line.replace(/^[ \t]+|[ \t]+$/g, ''))
    .filter((line) => line !== '' && !/^[#;]/.test(line));

/** The line that update-binfmts makes of a template (act_enable() in src/update-binfmts.c). */
function lineOfTemplate(name: string, text: string): string {
  const options = new Map(
    text
      .trimEnd()
      .split('\n')
      .map((line) => [line.slice(0, line.indexOf(' ')), line.slice(line.indexOf(' ') + 1)] as const),
  );
  const given = (key: string): string => options.get(key) ?? '';
  const matching = options.has('extension')
    ? ['E', '0', given('extension'), '']
    : ['M', given('offset') || '0', given('magic'), given('mask')];
  const flags = [
    ['credentials', 'C'],
    ['preserve', 'P'],
    ['fix_binary', 'F'],
  ].map(([key = '', flag]) => (given(key) === 'yes' ? flag : ''));
  return `${['', name, ...matching, given('interpreter'), flags.join('')].join(':')}\n`;
}

/** What the kernel makes of all that was exported, by the way it would take. */
function asExported(one: Registration) {
  const conf = confFilesOf([desired(one)]).files.map(({ text }) => {
    const lines = linesForSystemd(text);
    expect(lines).toHaveLength(1);
    return askKernel(encodeBytes(lines[0] ?? ''), one.name);
  });
  const templates = templateFilesOf([desired(one)]).files.map(({ name, text }) =>
    askKernel(encodeBytes(lineOfTemplate(name, text)), one.name),
  );
  return { conf, templates };
}

describe('every exported line', () => {
  const choices = [true, false].flatMap((persistent) =>
    [true, false].flatMap((credentials) =>
      [true, false].map((preserveArgv0) => ({ persistent, credentials, preserveArgv0 })),
    ),
  );

  test.each(choices)(
    'of QEMU’s targets with $persistent, $credentials, $preserveArgv0 makes the entry it should',
    (choice) => {
      const options: RegisterOptions = {
        ...choice,
        interpreter: { kind: 'directory', directory: '/usr/local/bin', suffix: '-static' },
      };
      const family = familyOfMachine(os.machine());
      for (const target of targets.filter((one) => one.family !== family)) {
        // With F the kernel opens it.
        const path = choice.persistent ? '/bin/true' : interpreterPathOf(target, options, null);
        const one = registrationWith(target, path ?? '', options);
        const answer = directly(one);
        expect(answer).toEqual({ text: entryOfDesired(desired(one)).text });
        expect(asExported(one)).toEqual({ conf: [answer], templates: [answer] });
      }
    },
  );

  test('of whatever is registered makes that entry again', () => {
    const seen = { conf: 0, templates: 0 };
    fc.assert(
      fc.property(registration.map(openable), (one) => {
        if (!formatRegisterLine(one).ok) return;
        const answer = directly(one);
        expect(answer).toEqual({ text: entryOfDesired(desired(one)).text });
        const { conf, templates } = asExported(one);
        for (const other of [...conf, ...templates]) expect(other).toEqual(answer);
        seen.conf += conf.length;
        seen.templates += templates.length;
      }),
      { numRuns: 800 },
    );
    expect(seen.conf).toBeGreaterThan(150);
    expect(seen.templates).toBeGreaterThan(20);
  });
});
