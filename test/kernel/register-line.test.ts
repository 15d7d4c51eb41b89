import fc from 'fast-check';
import { beforeEach, describe, expect, test } from 'vitest';
import { encodeBytes } from '../../electron/binfmt/bytes.ts';
import { parseEntry, registrationOf } from '../../electron/binfmt/entry.ts';
import {
  formatRegisterLine,
  problemOfRegistration,
  type Registration,
  registrationLimits,
} from '../../electron/binfmt/register-line.ts';
import { byteText, extensionRegistration, magicRegistration } from '../support/arbitraries.ts';
import { rawRegisterLine } from '../support/raw-register-line.ts';
import { clearRegistry } from '../support/registry.ts';
import { askKernel, printedFlags } from '../support/try-kernel.ts';

beforeEach(clearRegistry);

/** With F the kernel opens it. */
const interpreter = fc.constantFrom('/bin/bash', '/usr/bin/env');

/** What is taken, or not, in many ways; about half of them have a fault. */
const fault: fc.Arbitrary<Partial<Record<string, unknown>>> = fc.oneof(
  { weight: 5, arbitrary: fc.constant({}) },
  {
    weight: 2,
    arbitrary: fc
      .constantFrom(
        '',
        '.',
        '..',
        'a/b',
        '/',
        'register',
        'status',
        '...',
        'n'.repeat(255),
        'n'.repeat(256),
        'ä'.repeat(127),
        'ä'.repeat(128),
        'a\0b',
      )
      .map((name) => ({ name })),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom('', '/a\0b', '/bin/\xff').map((path) => ({ interpreter: path, flags: '' })),
  },
  { weight: 1, arbitrary: fc.constantFrom('P O', 'F0', '-', 'FF', 'CP').map((flags) => ({ flags })) },
  { weight: 2, arbitrary: fc.integer({ min: -2, max: 258 }).map((offset) => ({ offset })) },
  {
    weight: 1,
    arbitrary: fc
      .constantFrom('', 'f0', 'f0'.repeat(255), 'f0'.repeat(256), 'f0'.repeat(257))
      .map((magic) => ({ magic, mask: null })),
  },
  { weight: 1, arbitrary: fc.constantFrom('ff', 'ff'.repeat(200)).map((mask) => ({ mask })) },
  {
    weight: 1,
    arbitrary: fc
      .constantFrom('', '/', 'a/b', '.', 'tar.gz', 'a\0b', 'e'.repeat(300))
      .map((extension) => ({ extension })),
  },
);
const candidate = fc
  .record({
    fields: fc.oneof(
      { weight: 3, arbitrary: magicRegistration },
      { weight: 1, arbitrary: extensionRegistration },
    ),
    interpreter,
    fault,
  })
  .map(({ fields, interpreter: path, fault: wrong }) => {
    const known = Object.entries(wrong).filter(([key]) => key in fields || key === 'interpreter');
    return { ...fields, interpreter: path, ...Object.fromEntries(known) } as Registration;
  });

describe('what is said of a registration before it is tried', () => {
  test('is what the kernel says when it is tried', () => {
    const seen = { accepted: 0, refused: 0, tooLong: 0 };
    fc.assert(
      fc.property(candidate, (wanted) => {
        const line = rawRegisterLine(wanted);
        if (line === null) return;
        if (line.length > registrationLimits.longestLine) {
          expect(askKernel(line, wanted.name)).toEqual({ code: 'EINVAL' });
          seen.tooLong += 1;
          return;
        }
        const problem = problemOfRegistration(wanted);
        const answer = askKernel(line, wanted.name);
        if (problem !== null) {
          expect(answer, problem).toEqual({ code: expect.stringMatching(/^(EINVAL|EEXIST|ENAMETOOLONG)$/) });
          seen.refused += 1;
          return;
        }
        expect(answer).toHaveProperty('text');
        if (!('text' in answer)) return;
        const entry = parseEntry(wanted.name, answer.text);
        expect(registrationOf(entry)).toEqual({ ...wanted, flags: printedFlags(wanted.flags) });
        seen.accepted += 1;
      }),
      { numRuns: 1500 },
    );
    expect(seen.accepted).toBeGreaterThan(300);
    expect(seen.refused).toBeGreaterThan(150);
    expect(seen.tooLong).toBeGreaterThan(0);
  });

  test('is the same where an interpreter is relative', () => {
    const relative: Registration = {
      kind: 'magic',
      name: 'x',
      offset: 0,
      magic: 'f0f1',
      mask: null,
      interpreter: 'bin/bash',
      flags: '',
    };
    expect(problemOfRegistration(relative)).toBeNull();
    expect(askKernel(Buffer.from(':x:M::\\xf0\\xf1::bin/bash:'), 'x')).toHaveProperty('text');
  });

  test('differs on purpose where a flag is unknown: a newer kernel may know it', () => {
    const withFlag = {
      kind: 'extension',
      name: 'x',
      extension: 'x',
      interpreter: '/bin/bash',
      flags: 'Z',
    } as const;
    expect(problemOfRegistration(withFlag)).toBeNull();
    expect(askKernel(Buffer.from(':x:E::x::/bin/bash:Z'), 'x')).toEqual({ code: 'EINVAL' });
  });
});

describe('a line made of a registration', () => {
  test('makes exactly that entry', () => {
    const name = byteText({ minLength: 1, maxLength: 60 }, '/').filter(
      (one) => !/^(\.\.?|register|status)$/.test(one),
    );
    const wantedEntry = fc
      .record({ fields: fc.oneof(magicRegistration, extensionRegistration), name, interpreter })
      .map(({ fields, ...rest }): Registration => ({ ...fields, ...rest }));
    let accepted = 0;
    fc.assert(
      fc.property(wantedEntry, (wanted) => {
        const line = formatRegisterLine(wanted);
        if (!line.ok) {
          const raw = rawRegisterLine(wanted);
          expect(raw === null || raw.length > registrationLimits.longestLine).toBe(true);
          return;
        }
        const answer = askKernel(encodeBytes(line.value), wanted.name);
        expect('text' in answer && registrationOf(parseEntry(wanted.name, answer.text))).toEqual({
          ...wanted,
          flags: printedFlags(wanted.flags),
        });
        accepted += 1;
      }),
      { numRuns: 500 },
    );
    expect(accepted).toBeGreaterThan(300);
  });
});
