import { type BootFormat, type BootRule, FORMAT_DATABASE } from './boot-configuration.ts';
import { compareFileNames } from './conf-file-name.ts';
import {
  ADMINISTRATOR,
  type FormatFields,
  readDatabaseFile,
  readTemplate,
  registerLineOf,
} from './format-file.ts';
import { authorOf } from './own-mark.ts';
import { linkTarget, readNames, readSmallFile } from './read-file.ts';
import type { RegistryStep } from './registering.ts';
import { readRuleLine } from './rule-line.ts';

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
  const database = await readDirectory(root, FORMAT_DATABASE);
  const templates = await readDirectory(root, FORMAT_TEMPLATES);
  const inDatabase = formatsOf(database.files);
  const others = database.files.map((file) => parsed(file, readDatabaseFile));
  const inTemplates = templates.files.map((file) => formatOf(parsed(file, readTemplate), 'template', others));
  return {
    formats: [...inDatabase, ...inTemplates],
    steps: inDatabase.flatMap(ruleOfFormat).map((rule) => ({ kind: 'register', rule })),
    problems: [...database.problems, ...templates.problems],
  };
}

/** What it has registered where update-binfmts comes to it; nothing where it makes no entry. */
export const ruleOfFormat = ({ registration, path }: BootFormat): readonly BootRule[] =>
  registration === null ? [] : [{ registration, path, line: 1, by: 'binfmt-support' }];

/** The formats of its database as they are once the file of that name says this, a string of bytes. */
export function formatsWith(
  formats: readonly BootFormat[],
  name: string,
  text: string,
): readonly BootFormat[] {
  const others = formats.filter((one) => one.origin === 'database' && one.name !== name);
  const file: FormatFile = { name, path: `${FORMAT_DATABASE}/${name}`, text, link: null, problem: null };
  return formatsOf([...others, file].toSorted((one, other) => compareFileNames(one.name, other.name)));
}

/** A file as it was read. */
interface FormatFile extends Pick<BootFormat, 'name' | 'path' | 'text' | 'link'> {
  /** Why it was not, as a sentence; null where it was. */
  readonly problem: string | null;
}

interface ParsedFile extends FormatFile {
  /** Null where the problem says why. */
  readonly fields: FormatFields | null;
}

async function readDirectory(
  root: string,
  directory: string,
): Promise<{ readonly files: readonly FormatFile[]; readonly problems: readonly string[] }> {
  const names = await readNames(`${root}${directory}`);
  if ('reason' in names) return { files: [], problems: [`${directory} ${names.reason}.`] };
  const files = await Promise.all(
    names.toSorted(compareFileNames).map((name) => readFormatFile(root, directory, name)),
  );
  return { files: files.filter((file) => file !== null), problems: [] };
}

/** Null for what is no regular file: it passes over those. */
async function readFormatFile(root: string, directory: string, name: string): Promise<FormatFile | null> {
  const path = `${directory}/${name}`;
  const [content, link] = await Promise.all([readSmallFile(`${root}${path}`), linkTarget(`${root}${path}`)]);
  if (content.kind === 'unreadable') {
    return { name, path, text: null, link, problem: `${path} ${content.reason}.` };
  }
  return content.kind === 'text' ? { name, path, text: content.text, link, problem: null } : null;
}

function parsed(file: FormatFile, readText: typeof readDatabaseFile): ParsedFile {
  if (file.text === null) return { ...file, fields: null };
  const fields = readText(file.text);
  return fields.ok ? { ...file, fields: fields.value } : { ...file, fields: null, problem: fields.problem };
}

/** The formats that files of the database make, which are in the order of their names. */
function formatsOf(files: readonly FormatFile[]): readonly BootFormat[] {
  const all = files.map((file) => parsed(file, readDatabaseFile));
  // It reads all of them before it registers any, and ends at the first that is not whole.
  const obstacle = all.find(({ text, fields }) => text !== null && fields === null);
  return all.map((file) => {
    const format = formatOf(file, 'database', all);
    if (obstacle === undefined || obstacle === file) return format;
    const problem = `${obstacle.path} is incomplete: update-binfmts ends there, and registers nothing.`;
    return { ...format, registration: null, problem };
  });
}

function formatOf(
  { name, path, text, link, fields, problem }: ParsedFile,
  origin: BootFormat['origin'],
  database: readonly ParsedFile[],
): BootFormat {
  const author = text === null || link !== null ? 'others' : authorOf(text);
  const file = { name, path, text, link, author, origin };
  if (fields === null) return { ...file, package: null, registration: null, detector: null, problem };
  const known = {
    ...file,
    package: fields.package === ADMINISTRATOR ? null : fields.package,
    detector: fields.detector === '' ? null : fields.detector,
  };
  const needsDetector =
    fields.detector !== '' || database.some((other) => other.name !== name && takesTheSame(fields, other));
  if (needsDetector && fields.fix_binary === 'yes') {
    const sentence = 'A program would have to decide which files are its, which fix_binary rules out.';
    return { ...known, registration: null, problem: sentence };
  }
  const registration = readRuleLine(
    registerLineOf(name, needsDetector ? { ...fields, interpreter: RUN_DETECTORS } : fields),
  );
  return registration.ok
    ? { ...known, registration: registration.value, problem: null }
    : { ...known, registration: null, problem: registration.problem };
}

/** `binfmt_equals()`: by what is written, not by what it means. */
const takesTheSame = (one: FormatFields, { fields: other }: ParsedFile): boolean =>
  (['type', 'offset', 'magic', 'mask'] as const).every((field) => one[field] === other?.[field]);
