import type { BootFormat, BootRule } from './boot-configuration.ts';
import { compareFileNames } from './conf-files.ts';
import { ADMINISTRATOR, type FormatFields, readDatabaseFile, readTemplate } from './format-file.ts';
import { readNames, readSmallFile } from './read-file.ts';
import type { RegistryStep } from './registering.ts';
import { readRuleLine } from './rule-line.ts';

/** What `update-binfmts --enable` registers at boot. */
export const FORMAT_DATABASE = '/var/lib/binfmts';
/** What packages bring for `update-binfmts --import` to copy into the database. */
export const FORMAT_TEMPLATES = '/usr/share/binfmts';

/** What Debian's update-binfmts registers where a program has to decide which files are a format's. */
const RUN_DETECTORS = '/usr/lib/binfmt-support/run-detectors';

/** binfmt-support's formats, and what it does with them at boot. */
export interface Formats {
  readonly formats: readonly BootFormat[];
  readonly steps: readonly RegistryStep[];
  /** Directories that cannot be read, as sentences. */
  readonly problems: readonly string[];
}

/**
 * Reads binfmt-support's formats under a root directory. At boot it leaves alone what is registered already, and
 * registers the others in the order of their names (`act_enable()` in its src/update-binfmts.c). Never throws.
 */
export async function readFormats(root: string): Promise<Formats> {
  const database = await readDirectory(root, FORMAT_DATABASE, readDatabaseFile);
  const templates = await readDirectory(root, FORMAT_TEMPLATES, readTemplate);
  // It reads all of them before it registers any, and ends at the first that is not whole.
  const obstacle = database.files.find(({ isIncomplete }) => isIncomplete);
  const inDatabase = database.files.map((file): BootFormat => {
    const format = formatOf(file, 'database', database.files);
    if (obstacle === undefined || obstacle === file) return format;
    const problem = `${obstacle.path} is incomplete: update-binfmts ends there, and registers nothing.`;
    return { ...format, registration: null, problem };
  });
  return {
    formats: [...inDatabase, ...templates.files.map((file) => formatOf(file, 'template', database.files))],
    steps: inDatabase.flatMap(ruleOfFormat).map((rule) => ({ kind: 'register', rule })),
    problems: [...database.problems, ...templates.problems],
  };
}

/** What it has registered where update-binfmts comes to it; nothing where it makes no entry. */
export const ruleOfFormat = ({ registration, path }: BootFormat): readonly BootRule[] =>
  registration === null ? [] : [{ registration, path, line: 1, by: 'binfmt-support' }];

interface FormatFile {
  readonly name: string;
  readonly path: string;
  /** Null where the problem says why. */
  readonly fields: FormatFields | null;
  /** A sentence. */
  readonly problem: string | null;
  /** Whether update-binfmts itself would not make a format of it, unlike one that only this program cannot read. */
  readonly isIncomplete: boolean;
}

async function readDirectory(
  root: string,
  directory: string,
  readText: typeof readDatabaseFile,
): Promise<{ readonly files: readonly FormatFile[]; readonly problems: readonly string[] }> {
  const names = await readNames(`${root}${directory}`);
  if ('reason' in names) return { files: [], problems: [`${directory} ${names.reason}.`] };
  const files = await Promise.all(
    names.toSorted(compareFileNames).map((name) => readFormatFile(root, directory, name, readText)),
  );
  return { files: files.filter((file) => file !== null), problems: [] };
}

/** Null for what is no regular file: it passes over those. */
async function readFormatFile(
  root: string,
  directory: string,
  name: string,
  readText: typeof readDatabaseFile,
): Promise<FormatFile | null> {
  const path = `${directory}/${name}`;
  const content = await readSmallFile(`${root}${path}`);
  if (content.kind === 'unreadable') {
    return { name, path, fields: null, problem: `${path} ${content.reason}.`, isIncomplete: false };
  }
  if (content.kind !== 'text') return null;
  const fields = readText(content.text);
  return fields.ok
    ? { name, path, fields: fields.value, problem: null, isIncomplete: false }
    : { name, path, fields: null, problem: fields.problem, isIncomplete: true };
}

function formatOf(
  { name, path, fields, problem }: FormatFile,
  origin: BootFormat['origin'],
  database: readonly FormatFile[],
): BootFormat {
  const place = { name, path, origin };
  if (fields === null) return { ...place, package: null, registration: null, detector: null, problem };
  const known = {
    ...place,
    package: fields.package === ADMINISTRATOR ? null : fields.package,
    detector: fields.detector === '' ? null : fields.detector,
  };
  const needsDetector =
    fields.detector !== '' || database.some((other) => other.name !== name && takesTheSame(fields, other));
  if (needsDetector && fields.fix_binary === 'yes') {
    const sentence = 'A program would have to decide which files are its, which fix_binary rules out.';
    return { ...known, registration: null, problem: sentence };
  }
  const registration = readRuleLine(lineOf(name, fields, needsDetector));
  return registration.ok
    ? { ...known, registration: registration.value, problem: null }
    : { ...known, registration: null, problem: registration.problem };
}

/** `binfmt_equals()`: by what is written, not by what it means. */
const takesTheSame = (one: FormatFields, { fields: other }: FormatFile): boolean =>
  (['type', 'offset', 'magic', 'mask'] as const).every((field) => one[field] === other?.[field]);

function lineOf(name: string, fields: FormatFields, needsDetector: boolean): string {
  const flag = (value: string, letter: string): string => (value === 'yes' ? letter : '');
  const flags = flag(fields.credentials, 'C') + flag(fields.preserve, 'P') + flag(fields.fix_binary, 'F');
  return [
    '',
    name,
    fields.type === 'magic' ? 'M' : 'E',
    fields.offset,
    fields.magic,
    fields.mask,
    needsDetector ? RUN_DETECTORS : fields.interpreter,
    flags,
  ].join(':');
}
