import { failure, type Result, success } from '../result.ts';

/** What makes a format of binfmt-support; an empty string for what is not said. All strings of bytes. */
export interface FormatFields {
  /** {@link ADMINISTRATOR} for one that came with none. */
  readonly package: string;
  /** `magic`; everything else is an extension. */
  readonly type: string;
  readonly offset: string;
  /** Or the extension. */
  readonly magic: string;
  readonly mask: string;
  readonly interpreter: string;
  readonly detector: string;
  readonly credentials: string;
  readonly preserve: string;
  readonly fix_binary: string;
}

export const ADMINISTRATOR = ':';

/** The fields in the order of a database file's lines. */
const fieldNames = [
  'package',
  'type',
  'offset',
  'magic',
  'mask',
  'interpreter',
  'detector',
  'credentials',
  'preserve',
  'fix_binary',
] as const satisfies readonly (keyof FormatFields)[];

/** Files that an older version wrote end sooner than today's; these must be there. */
const requiredFields = fieldNames.slice(0, 6);

/** A file of /var/lib/binfmts: a value on each line (`binfmt_load()` in binfmt-support's src/format.c). */
export function readDatabaseFile(text: string): Result<FormatFields, string> {
  const lines = linesOf(text);
  const missing = requiredFields[lines.length];
  if (missing !== undefined) return failure(`It ends before the line with its ${missing}.`);
  return success(fieldsFrom((name) => lines[fieldNames.indexOf(name)]));
}

/** The text of a file of /var/lib/binfmts, with what may stand behind its lines (`binfmt_write()`). */
export const databaseFileOf = (fields: FormatFields): string =>
  fieldNames.map((name) => `${fields[name]}\n`).join('');

/** A file of /usr/share/binfmts: `key value` on each line (`get_import()` in src/update-binfmts.c, `binfmt_new()`). */
export function readTemplate(text: string): Result<FormatFields, string> {
  const values = new Map<string, string | undefined>();
  for (const line of linesOf(text)) {
    const space = line.indexOf(' ');
    const key = space < 0 ? line : line.slice(0, space);
    // Of the key only letters of ASCII count in either case.
    const lowerCase = key.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
    values.set(lowerCase, space < 0 ? undefined : line.slice(space + 1));
  }
  const value = (name: string): string | undefined => values.get(name);
  const type = value('type') ?? (value('magic') === undefined ? 'extension' : 'magic');
  if (!values.has('package')) return failure('It does not name the package it comes with.');
  if (type === 'magic' && value('type') === undefined && values.has('extension')) {
    return failure('It has a magic and an extension; only one of them can be.');
  }
  if (type === 'extension') {
    if (!values.has('extension')) return failure('It has neither a magic nor an extension.');
    if (value('mask') !== undefined || value('offset') !== undefined) {
      return failure('With an extension there can be no mask and no offset.');
    }
  }
  const fields = fieldsFrom(value);
  const magic = type === 'extension' ? (value('extension') ?? '') : fields.magic;
  return success({ ...fields, type, magic, offset: fields.offset === '' ? '0' : fields.offset });
}

/** The line that update-binfmts writes to the kernel, without its line break (`act_enable()`). */
export function registerLineOf(name: string, fields: Omit<FormatFields, 'package'>): string {
  const { type, offset, magic, mask, interpreter, credentials, preserve, fix_binary } = fields;
  const flag = (value: string, letter: string): string => (value === 'yes' ? letter : '');
  const flags = flag(credentials, 'C') + flag(preserve, 'P') + flag(fix_binary, 'F');
  return ['', name, type === 'magic' ? 'M' : 'E', offset, magic, mask, interpreter, flags].join(':');
}

const fieldsFrom = (value: (name: (typeof fieldNames)[number]) => string | undefined): FormatFields => ({
  package: value('package') ?? '',
  type: value('type') ?? '',
  offset: value('offset') ?? '',
  magic: value('magic') ?? '',
  mask: value('mask') ?? '',
  interpreter: value('interpreter') ?? '',
  detector: value('detector') ?? '',
  credentials: value('credentials') ?? '',
  preserve: value('preserve') ?? '',
  fix_binary: value('fix_binary') ?? '',
});

/** The lines as C strings, without the white space at their ends (isspace(3)). */
function linesOf(text: string): readonly string[] {
  const lines = text.split('\n');
  if (lines.at(-1) === '') lines.pop();
  return lines.map((line) => {
    let end = line.length;
    while (end > 0 && ' \t\v\f\r'.includes(line.charAt(end - 1))) end--;
    return line.slice(0, end).split('\0')[0] ?? '';
  });
}
