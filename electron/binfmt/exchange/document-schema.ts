import * as v from 'valibot';
import { DOCUMENT_FORMAT, DOCUMENT_VERSION, type RegistrationsDocument } from './document.ts';

/** More than this no machine has, and comparing each with each must not take long. */
export const MOST_ENTRIES = 1000;

const notAnObject = 'must be an object';
const text = v.string('must be text');
const yesOrNo = v.boolean('must be true or false');

/** What can be a file in the kernel's directory. */
const name = v.pipe(
  text,
  v.regex(
    /^(?!(?:\.{1,2}|register|status)$)[^/\0]+$/,
    'must be a name that the kernel can give a file there',
  ),
);
const interpreter = v.pipe(text, v.regex(/^[^\0]+$/, 'must not be empty, nor contain a NUL byte'));
const flags = v.pipe(text, v.regex(/^[POCFTLD]*$/, 'must be letters of P, O, C, F, T, L and D'));
const hex = v.pipe(text, v.regex(/^(?:[0-9A-Fa-f]{2}){1,256}$/, 'must be 1 to 256 pairs of hex digits'));

const common = { name, enabled: yesOrNo };
const entry = v.variant(
  'type',
  [
    v.strictObject({
      ...common,
      type: v.literal('magic'),
      offset: v.pipe(
        v.number('must be a number'),
        v.integer('must be a whole number'),
        v.minValue(0, 'must be 0 or more'),
        v.maxValue(255, 'must be 255 or less'),
      ),
      magic: hex,
      mask: v.nullable(hex),
      interpreter,
      flags,
    }),
    v.strictObject({
      ...common,
      type: v.literal('extension'),
      extension: v.pipe(text, v.regex(/^[^/\0]+$/, 'must not be empty, nor contain a slash or a NUL byte')),
      interpreter,
      flags,
    }),
    v.strictObject({ ...common, type: v.literal('other'), text }),
  ],
  ({ expected }) => (expected === 'Object' ? notAnObject : 'must be “magic”, “extension” or “other”'),
);

const target = v.strictObject(
  {
    name: text,
    label: text,
    state: v.picklist(
      ['Enabled', 'Disabled', 'Not registered', 'Native', 'Not installed', 'Broken'],
      'must be a state of a target',
    ),
    entries: v.array(text, 'must be a list'),
    interpreter: v.nullable(
      v.strictObject(
        {
          path: text,
          file: v.picklist(
            ['executable', 'not-executable', 'noexec', 'hidden', 'missing'],
            'must say what is there',
          ),
          linkage: v.nullable(v.picklist(['static', 'dynamic'], 'must be “static” or “dynamic”')),
          qemuVersion: v.nullable(text),
        },
        notAnObject,
      ),
    ),
  },
  notAnObject,
);

/**
 * What a document must look like, as assets/registrations.schema.json publishes it. Keys that it does not name
 * are refused: one that is misspelt would otherwise register something else than was meant.
 */
export const documentSchema = v.strictObject({
  $schema: v.exactOptional(text),
  format: v.literal(DOCUMENT_FORMAT),
  version: v.literal(DOCUMENT_VERSION, `must be ${DOCUMENT_VERSION}`),
  host: v.exactOptional(v.strictObject({ machine: text, kernelRelease: text }, notAnObject)),
  binfmtMisc: v.exactOptional(
    v.picklist(['unsupported', 'not-loaded', 'not-mounted', 'off', 'on'], 'must be a state of binfmt_misc'),
  ),
  entries: v.pipe(
    v.array(entry, 'must be a list'),
    v.maxLength(MOST_ENTRIES, `must have no more than ${MOST_ENTRIES} entries`),
  ),
  targets: v.exactOptional(v.array(target, 'must be a list')),
}) satisfies v.GenericSchema<unknown, RegistrationsDocument>;
