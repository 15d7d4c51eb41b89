import os from 'node:os';
import fc from 'fast-check';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { encodeBytes } from '../../electron/binfmt/bytes.ts';
import { confFileOf, confFilesOf } from '../../electron/binfmt/exchange/conf.ts';
import { type DesiredEntry, entryOfDesired } from '../../electron/binfmt/exchange/desired-entry.ts';
import type { Exported } from '../../electron/binfmt/exchange/exported.ts';
import { templateFilesOf } from '../../electron/binfmt/exchange/template.ts';
import { formatRegisterLine, type Registration } from '../../electron/binfmt/register-line.ts';
import {
  interpreterPathOf,
  type RegisterOptions,
  registrationWith,
} from '../../electron/binfmt/register-options.ts';
import { familyOfMachine, targets } from '../../electron/binfmt/targets.ts';
import { registration } from '../support/arbitraries.ts';
import { BootFiles } from '../support/boot-files.ts';
import { lacksBootOracles, needingBootOracles, runBootProgram } from '../support/boot-oracles.ts';
import { harmlessDesired } from '../support/desired-entries.ts';
import { clearRegistry, readRegistry } from '../support/registry.ts';
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

/** With F the services open it in a root directory of their own. */
const openableThere = (one: Registration): Registration =>
  one.flags.includes('F') ? { ...one, interpreter: '/bin/busybox' } : one;

/** What the kernel has after the real service has read what was exported. */
function registeredBy(
  service: 'systemd-binfmt' | 'binfmt-support',
  { files: exported }: Exported,
): ReadonlyMap<string, string | null> {
  const files = new BootFiles().withServices(service);
  try {
    clearRegistry();
    const directory = service === 'systemd-binfmt' ? '/etc/binfmt.d' : '/usr/share/binfmts';
    for (const { name, text } of exported) files.write(`${directory}/${name}`, text);
    if (service === 'binfmt-support') runBootProgram('update-binfmts --import', files);
    clearRegistry();
    runBootProgram(service, files);
    return new Map(readRegistry());
  } finally {
    files.remove();
  }
}

/** The names of what was exported, and the text of the entry that each is to be. */
const expectedOf = (all: readonly Registration[], { files }: Exported): ReadonlyMap<string, string> => {
  const names = new Set(files.map(({ name }) => name.replace(/\.conf$/, '')));
  const exported = all.filter(({ name }) => names.has(name));
  return new Map(exported.map((one) => [one.name, entryOfDesired(desired(one)).text]));
};

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
        expect(directly(one)).toEqual({ text: entryOfDesired(desired(one)).text });
      }
    },
  );

  test('of whatever is registered makes that entry again', () => {
    fc.assert(
      fc.property(registration.map(openable), (one) => {
        if (!formatRegisterLine(one).ok) return;
        expect(directly(one)).toEqual({ text: entryOfDesired(desired(one)).text });
      }),
      { numRuns: 800 },
    );
  });
});

describe.skipIf(lacksBootOracles)(needingBootOracles('exported files, read by the real service,'), () => {
  const family = familyOfMachine(os.machine());
  const options: RegisterOptions = {
    interpreter: { kind: 'directory', directory: '/usr/local/bin', suffix: '-static' },
    persistent: false,
    credentials: true,
    preserveArgv0: true,
  };
  const all = targets
    .filter((one) => one.family !== family)
    .map((target) => registrationWith(target, interpreterPathOf(target, options, null) ?? '', options))
    .flatMap((one) => [one, openableThere({ ...one, name: `${one.name}-F`, flags: 'F', offset: 1 })]);

  test.each([
    ['systemd-binfmt', confFilesOf],
    ['binfmt-support', templateFilesOf],
  ] as const)('of all of QEMU’s targets make the entries they should: %s', (service, filesOf) => {
    const exported = filesOf(all.map(desired));
    expect(exported.files).toHaveLength(all.length);
    expect(registeredBy(service, exported)).toEqual(expectedOf(all, exported));
  });

  test('of whatever is registered make those entries again, or say what they do not', () => {
    const seen = { conf: 0, conf1: 0, templates: 0 };
    fc.assert(
      fc.property(harmlessDesired, (generated) => {
        const registrations = generated.map((one) => openableThere(one.registration));
        const wanted = registrations.map(desired);
        const conf = confFilesOf(wanted);
        expect(registeredBy('systemd-binfmt', conf)).toEqual(expectedOf(registrations, conf));
        seen.conf += conf.files.length;

        const one = confFileOf(wanted, 'all.conf');
        const inOne = [...registeredBy('systemd-binfmt', one)];
        const carried = registrations.filter(
          ({ name }) => !one.notCarried.some((sentence) => sentence.startsWith(`${name} cannot be`)),
        );
        expect(inOne).toEqual(carried.map((each) => [each.name, entryOfDesired(desired(each)).text]));
        seen.conf1 += inOne.length;

        const templates = templateFilesOf(wanted);
        const twins = templates.notCarried.some((sentence) => sentence.includes('match the same files'));
        if (twins) return;
        expect(registeredBy('binfmt-support', templates)).toEqual(expectedOf(registrations, templates));
        seen.templates += templates.files.length;
      }),
      { numRuns: 40 },
    );
    expect(seen.conf).toBeGreaterThan(40);
    expect(seen.conf1).toBeGreaterThan(40);
    expect(seen.templates).toBeGreaterThan(20);
  });
});
