import { type BootFile, type BootProblem, bootDirectories } from './boot-configuration.ts';
import { compareFileNames, isConfFileName } from './conf-file-name.ts';
import { type ConfContent, type ConfDialect, readConfText } from './conf-text.ts';
import { authorOf } from './own-mark.ts';
import { type FileContent, linkTarget, readNames, readSmallFile } from './read-file.ts';
import type { RegistryStep } from './registering.ts';

/** All files of binfmt.d, and what the service does that reads them. */
export interface ConfFiles {
  readonly files: readonly BootFile[];
  readonly steps: readonly RegistryStep[];
  /** Directories that cannot be read, as sentences. */
  readonly problems: readonly string[];
}

/**
 * Reads all *.conf files of binfmt.d under a root directory as that service would (`conf_files_list_strv()` in
 * systemd's src/basic/conf-files.c; OpenRC's sh/binfmt.sh). Never throws.
 */
export async function readConfFiles(root: string, dialect: ConfDialect): Promise<ConfFiles> {
  const { found, problems } = await findFiles(root);
  const [contents, links] = await Promise.all([
    readContents(root, found),
    Promise.all(found.map(({ path }) => linkTarget(`${root}${path}`))),
  ]);
  const files = found
    .map((file, index) =>
      readFound(file, contents[index] ?? { kind: 'missing' }, links[index] ?? null, dialect),
    )
    .filter(({ content }) => content.kind !== 'missing')
    // Files of one name stay in the order of their directories: the sort is stable.
    .sort((one, other) => compareFileNames(one.name, other.name));

  const inForce = new Map<string, ReadFile>();
  for (const file of files) {
    if (file.unread === null && !inForce.has(file.name)) inForce.set(file.name, file);
  }
  const inTurn = [...inForce.values()];
  const obstacle = inTurn.findIndex(({ content }) => content.kind === 'pipe');
  const reached = obstacle < 0 ? inTurn : inTurn.slice(0, obstacle);
  return {
    files: files.map((file) => bootFileOf(file, inForce.get(file.name))),
    steps: reached.flatMap(({ reading }) => reading.steps),
    problems,
  };
}

interface FoundFile {
  readonly name: string;
  readonly path: string;
}

interface ReadFile extends FoundFile {
  readonly content: FileContent;
  readonly link: string | null;
  readonly reading: ConfContent;
  /** Why the service does not read it, as a sentence; null where it does, if no other is in force instead. */
  readonly unread: string | null;
}

async function findFiles(
  root: string,
): Promise<{ found: readonly FoundFile[]; problems: readonly string[] }> {
  const found: FoundFile[] = [];
  const problems: string[] = [];
  for (const directory of bootDirectories) {
    const names = await readNames(`${root}${directory}`);
    if ('reason' in names) problems.push(`${directory} ${names.reason}.`);
    else found.push(...names.filter(isConfFileName).map((name) => ({ name, path: `${directory}/${name}` })));
  }
  return { found, problems };
}

/** Together they may have so many characters, for they travel with every snapshot. */
const MOST_CHARACTERS = 1024 * 1024;

const FILES_AT_ONCE = 16;

async function readContents(root: string, files: readonly FoundFile[]): Promise<readonly FileContent[]> {
  const contents: FileContent[] = [];
  let characters = 0;
  for (let index = 0; index < files.length; index += FILES_AT_ONCE) {
    const some = files.slice(index, index + FILES_AT_ONCE);
    if (characters > MOST_CHARACTERS) {
      const reason = 'is not read here: there is too much in these directories';
      contents.push(...some.map(() => ({ kind: 'unreadable', reason }) as const));
      continue;
    }
    const read = await Promise.all(some.map(({ path }) => readSmallFile(`${root}${path}`)));
    for (const content of read) characters += content.kind === 'text' ? content.text.length : 0;
    contents.push(...read);
  }
  return contents;
}

function readFound(
  file: FoundFile,
  content: FileContent,
  link: string | null,
  dialect: ConfDialect,
): ReadFile {
  const unread = dialect === 'openrc' ? whyOpenRcPassesOver(file, content) : null;
  const reading =
    content.kind === 'text'
      ? readConfText(file.path, content.text, dialect)
      : { rules: [], problems: problemsOf(file, content), steps: [] };
  return { ...file, content, link, reading, unread };
}

function problemsOf({ path }: FoundFile, content: FileContent): readonly BootProblem[] {
  switch (content.kind) {
    case 'text':
    case 'null':
    case 'missing':
      return [];
    case 'dangling':
      return [{ line: 0, sentence: `${path} is a link that leads nowhere: nothing is read for it.` }];
    case 'pipe':
      return [
        {
          line: 0,
          sentence: `${path} is a pipe: the service waits at it in vain, and comes to none of the files behind it. Remove it.`,
        },
      ];
    case 'special':
    case 'unreadable':
      return [{ line: 0, sentence: `${path} ${content.reason}.` }];
  }
}

/** As its script goes about it: by its list of directories, its patterns and the shell's splitting of words. */
function whyOpenRcPassesOver({ path, name }: FoundFile, content: FileContent): string | null {
  if (path.startsWith('/usr/local/')) return 'OpenRC does not read this directory.';
  if (/^systemd(?:-.*)?\.conf$/s.test(name)) return 'OpenRC leaves out files that are called after systemd.';
  if (/[\s%\\*?[]/.test(name)) return 'OpenRC cannot read a file of such a name.';
  return content.kind === 'dangling' ? 'OpenRC leaves out links that lead nowhere.' : null;
}

function bootFileOf(
  { name, path, content, link, reading, unread }: ReadFile,
  winner: FoundFile | undefined,
): BootFile {
  const text = content.kind === 'text' ? content.text : null;
  const isInForce = winner?.path === path;
  return {
    path,
    name,
    state: !isInForce ? 'overridden' : content.kind === 'null' || text === '' ? 'masked' : 'used',
    overriddenBy: isInForce ? null : (winner?.path ?? null),
    text,
    link,
    author: text === null || link !== null ? 'others' : authorOf(text),
    rules: reading.rules,
    problems: unread === null ? reading.problems : [{ line: 0, sentence: unread }, ...reading.problems],
  };
}
