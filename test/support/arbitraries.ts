import fc, { type Arbitrary } from 'fast-check';
import { decodeBytes } from '../../electron/binfmt/bytes.ts';
import { hexOfBytes } from '../../electron/binfmt/hex.ts';
import type {
  ExtensionRegistration,
  MagicRegistration,
  Registration,
} from '../../electron/binfmt/register-line.ts';

/** Bytes that mean something to shells, register lines, entry files or UTF-8: they come up often. */
const trickyBytes = Buffer.from(
  ':|,;\n\r\t "\'\\x$`*?[]{}()<>&#~!-_.0aZ\x01\x7f\x80\xbf\xc3\xed\xef\xff',
  'latin1',
);

const byte = fc.oneof(
  { weight: 2, arbitrary: fc.constantFrom(...trickyBytes) },
  { weight: 1, arbitrary: fc.integer({ min: 1, max: 255 }) },
);

/** Strings that stand for any bytes but NUL and those left out. */
export const byteText = (
  length: { readonly minLength: number; readonly maxLength: number },
  leftOut = '',
): Arbitrary<string> =>
  fc
    .array(
      byte.filter((one) => !leftOut.includes(String.fromCharCode(one))),
      length,
    )
    .map((bytes) => decodeBytes(Uint8Array.from(bytes)));

const bytesAsHex = (length: number): Arbitrary<string> =>
  fc.uint8Array({ minLength: length, maxLength: length }).map(hexOfBytes);

/** Each letter at most once, in the order in which the kernel prints them. */
export const flagLetters: Arbitrary<string> = fc
  .subarray(['P', 'O', 'C', 'F'])
  .map((flags) => flags.join(''));

const common = {
  name: byteText({ minLength: 1, maxLength: 40 }, '/').filter(
    (name) => !['.', '..', 'register', 'status'].includes(name),
  ),
  interpreter: fc.oneof(
    { weight: 6, arbitrary: byteText({ minLength: 0, maxLength: 60 }).map((path) => `/${path}`) },
    { weight: 1, arbitrary: byteText({ minLength: 1, maxLength: 60 }) },
  ),
  flags: flagLetters,
};

/** Any offset and length that fit, the extremes often. */
const place = fc
  .oneof(fc.constantFrom(1, 4, 20, 40, 255, 256), fc.integer({ min: 1, max: 256 }))
  .chain((length) =>
    fc.record({
      length: fc.constant(length),
      offset: fc.oneof(fc.constantFrom(0, 256 - length), fc.integer({ min: 0, max: 256 - length })),
    }),
  );

export const magicRegistration: Arbitrary<MagicRegistration> = place.chain(({ length, offset }) =>
  fc.record({
    kind: fc.constant('magic' as const),
    ...common,
    offset: fc.constant(offset),
    magic: bytesAsHex(length),
    mask: fc.option(bytesAsHex(length)),
  }),
);

export const extensionRegistration: Arbitrary<ExtensionRegistration> = fc.record({
  kind: fc.constant('extension' as const),
  ...common,
  // The kernel would print a line break in it as one, and what follows as a line of its own.
  extension: byteText({ minLength: 1, maxLength: 20 }, '/\n'),
});

/** Registrations such as the kernel takes, but for lines that turn out too long. */
export const registration: Arbitrary<Registration> = fc.oneof(
  { weight: 3, arbitrary: magicRegistration },
  { weight: 1, arbitrary: extensionRegistration },
);
