import fc, { type Arbitrary } from 'fast-check';
import type { DesiredEntry } from '../../electron/binfmt/exchange/desired-entry.ts';
import { formatRegisterLine, type Registration } from '../../electron/binfmt/register-line.ts';
import { extensionRegistration, magicRegistration, registration } from './arbitraries.ts';

const withNamesOnce = (one: Arbitrary<DesiredEntry>, maxLength: number): Arbitrary<readonly DesiredEntry[]> =>
  fc.uniqueArray(one, { maxLength, selector: ({ registration: { name } }) => name });

const desired = (registrations: Arbitrary<Registration>): Arbitrary<DesiredEntry> =>
  fc.record({
    registration: registrations.filter((one) => formatRegisterLine(one).ok),
    enabled: fc.boolean(),
  });

/** Registries as a file may hold them, in match order. */
export const anyDesired = withNamesOnce(desired(registration), 12);

/**
 * Such as the kernel can be given while programs run: they take no program of any machine, and with F the
 * interpreter is there.
 */
const harmlessMagic = magicRegistration.map((one): Registration => {
  const isShort = one.magic.length < 6;
  const magic = isShort ? 'f0f1f2' : `f0f1f2${one.magic.slice(6)}`;
  const mask = one.mask === null ? null : isShort ? 'fffefe' : `ffffff${one.mask.slice(6)}`;
  return { ...one, magic, mask, offset: Math.min(one.offset, 256 - magic.length / 2) };
});

const withInterpreter = (one: Registration): Registration =>
  one.flags.includes('F') ? { ...one, interpreter: '/bin/true' } : one;

export const harmlessDesired = withNamesOnce(
  desired(
    fc
      .oneof(
        { weight: 3, arbitrary: harmlessMagic },
        {
          weight: 1,
          arbitrary: extensionRegistration.map((one) => ({ ...one, extension: `${one.extension}~` })),
        },
      )
      .map(withInterpreter),
  ),
  12,
);
