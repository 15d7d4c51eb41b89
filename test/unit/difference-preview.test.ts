import { describe, expect, test } from 'vitest';
import { Interpreters } from '../../electron/binfmt/interpreters.ts';
import type { MagicRegistration, Registration } from '../../electron/binfmt/register-line.ts';
import type { Snapshot } from '../../electron/binfmt/snapshot.ts';
import { previewDifference } from '../../electron/difference-preview.ts';
import { entryOf, exampleSnapshot, registrationOfTarget } from '../support/example-data.ts';

const odd = (changes: Partial<MagicRegistration> = {}): MagicRegistration => ({
  ...registrationOfTarget('arm', { name: 'odd', magic: 'f0f1', mask: null, flags: '' }),
  interpreter: process.execPath,
  ...changes,
});

async function warningsFor(registration: Registration, changes: Partial<Snapshot> = {}) {
  const [change] = await previewDifference(
    [{ registration, enabled: true }],
    false,
    exampleSnapshot(changes),
    new Interpreters({ get: () => null, set: () => undefined }, () => undefined),
  );
  return change?.warnings;
}

describe('a preview of a difference', () => {
  test('warns of nothing where nothing is wrong', async () => {
    expect(await warningsFor(odd())).toEqual([]);
  });

  test.each([
    ['an interpreter that is not there', odd({ interpreter: '/no/such' }), [/^\/no\/such is not there/]],
    [
      'one that the kernel opens at once',
      odd({ interpreter: '/no/such', flags: 'F' }),
      [/opens it at once \(flag F\): it will refuse this/],
    ],
    ['one that is no program', odd({ interpreter: '/etc/passwd' }), [/^\/etc\/passwd is not an executable/]],
    [
      'credentials',
      odd({ interpreter: '/tmp/evil', flags: 'OC' }),
      [/^With flag C a set-uid program/, /^\/tmp\/evil is not there/],
    ],
    ['a relative path', odd({ interpreter: 'no/such' }), [/^no\/such is a relative path/, /is not there/]],
  ])('warns of %s', async (_what, registration, sentences) => {
    expect(await warningsFor(registration)).toEqual(
      sentences.map((sentence) => expect.stringMatching(sentence)),
    );
  });

  test('does not warn again of what is registered like that already', async () => {
    const registration = odd({ interpreter: '/no/such', flags: 'OC' });
    expect(await warningsFor(registration, { entries: [entryOf(registration)] })).toEqual([]);
    const other = entryOf({ ...registration, interpreter: '/no/other' });
    expect(await warningsFor(registration, { entries: [other] })).toEqual([
      expect.stringMatching(/^\/no\/such is not there/),
    ]);
  });

  test('does not warn of what is left alone', async () => {
    const capturing = odd({ interpreter: '/no/such' });
    const change = { ...capturing, magic: '7f454c46' };
    expect(await warningsFor(change)).toEqual([]);
  });
});
