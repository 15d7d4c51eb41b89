import type { Row } from '../snapshot.ts';
import type { BootConfiguration, BootFile, BootFormat, BootService } from './boot-configuration.ts';

/** What the next start of the machine makes of a row, and why, a sentence or two each. */
export function bootSentences(row: Row, configuration: BootConfiguration): readonly string[] {
  return [
    ...whatHappens(row, configuration),
    ...otherFiles(row, configuration),
    ...configuration.problems.map((problem) => `This may not be all: ${problem}`),
  ];
}

function whatHappens(
  { boot, bootLine, registerLine }: Row,
  { services, formats }: BootConfiguration,
): readonly string[] {
  if (boot === null) return ['Nothing registers it when the machine starts.'];
  if (boot.kind === 'until-restart') {
    return [
      'Nothing brings it back when the machine starts: a restart loses it.',
      ...(services.length === 0 ? [noReader] : []),
    ];
  }
  const { rule } = boot;
  if (boot.kind === 'refused') {
    const place = rule.by === 'binfmt.d' ? `${rule.path}, line ${rule.line},` : rule.path;
    return [`${place} has it registered when the machine starts, in vain.`, boot.why];
  }
  if (rule.by === 'binfmt-support') {
    const source = formats.find(({ path }) => path === rule.path)?.package ?? null;
    const origin = source === null ? '' : ` It came with the package ${source}.`;
    if (boot.kind === 'kept' && !boot.service) {
      return [`${rule.path} would bring it back, but no service on this machine reads that file.${origin}`];
    }
    const isNew = boot.kind === 'comes-back' ? 'It is not registered now, and comes back: ' : '';
    const list = `${isNew}binfmt-support registers it when the machine starts, from a list of its own, ${rule.path}.${origin}`;
    return [list, ...differences(boot)];
  }
  const place = `${rule.path}, line ${rule.line}`;
  if (boot.kind === 'kept' && !boot.service) {
    return [
      `${place}, would bring it back, but no service on this machine reads that file. ${howToGetReader}`,
    ];
  }
  const reader = readersIn(services)[0] ?? 'systemd-binfmt';
  if (boot.kind === 'comes-back') {
    return [
      `It is not registered now, and comes back when the machine starts: ${reader} registers it from ${place}.`,
    ];
  }
  const isSame = boot.differs === null && bootLine === registerLine;
  const same = isSame ? ' as it is now' : '';
  return [`${reader} brings it back when the machine starts${same}, from ${place}.`, ...differences(boot)];
}

const differences = (boot: NonNullable<Row['boot']>): readonly string[] =>
  boot.kind === 'kept' && boot.differs !== null ? [boot.differs] : [];

const howToGetReader =
  'Where systemd started the machine, “sudo systemctl unmask systemd-binfmt.service” brings one; where OpenRC did, “sudo rc-update add binfmt boot”.';

const noReader = `No service on this machine reads files that could. ${howToGetReader}`;

/** Those that read binfmt.d(5), by the names that people know. */
const readersIn = (services: readonly BootService[]): readonly string[] =>
  services.flatMap((service) =>
    service === 'binfmt-support' ? [] : [service === 'openrc' ? 'OpenRC’s service binfmt' : service],
  );

/** Whose a file is that is about to be changed, as a sentence or two. */
export function describeOrigin({
  link,
  author,
  package: name,
}: Pick<BootFormat, 'link' | 'author' | 'package'>): string {
  if (link === '/dev/null') {
    return 'It is a mask, a link to /dev/null: files of its name in other directories are not read.';
  }
  if (link !== null) return `It is a link to ${link}. What is there stays as it is.`;
  if (name !== null) {
    return `It came with the package ${name}, which brings it again when it is upgraded or installed anew.`;
  }
  return author === 'others' ? 'Somebody else wrote it.' : 'Somebody has changed what this program wrote.';
}

/** The files that would register it too, and why they do not. */
function otherFiles(row: Row, configuration: BootConfiguration): readonly string[] {
  const names = new Set([
    ...row.entryNames,
    ...(row.isTarget ? [`qemu-${row.name}`] : []),
    ...(row.boot !== null && 'rule' in row.boot ? [row.boot.rule.registration.name] : []),
  ]);
  return [...overriddenFiles(names, configuration), ...templatesToCome(names, configuration)];
}

function overriddenFiles(names: ReadonlySet<string>, { files }: BootConfiguration): readonly string[] {
  const isAboutRow = (file: BootFile): boolean =>
    file.rules.some(({ registration }) => names.has(registration.name));
  return files
    .filter((file) => file.state === 'overridden' && isAboutRow(file))
    .map(({ path, overriddenBy }) => {
      const winner = files.find((file) => file.path === overriddenBy);
      if (winner === undefined) return `${path} would register it too, but is not read.`;
      return winner.state === 'masked'
        ? `${path} would register it, but ${winner.path} masks that file.`
        : `${path} would register it, but ${winner.path} is read instead: of files of one name the first counts.`;
    });
}

/** The templates that binfmt-support's list does not have now, but gets again when their packages are upgraded. */
function templatesToCome(
  names: ReadonlySet<string>,
  { formats, services }: BootConfiguration,
): readonly string[] {
  if (!services.includes('binfmt-support')) return [];
  const listed = new Set(formats.filter(({ origin }) => origin === 'database').map(({ name }) => name));
  return formats
    .filter(({ name, origin }) => origin === 'template' && names.has(name) && !listed.has(name))
    .map(
      ({ path, package: name }) =>
        `${path} brings it into binfmt-support’s list when update-binfmts imports it, as the ${name === null ? 'package' : `package ${name}`} has it do at each upgrade.`,
    );
}
