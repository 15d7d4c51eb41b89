import { targetNamed } from '../binfmt/targets.ts';
import type { ImageDestination } from '../images/build-images.ts';
import { commandLine } from '../terminal/command-line.ts';

/** A line that a person can type or put into a file, and what it is for. */
export interface UseCommand {
  readonly does: string;
  readonly command: string;
}

/**
 * What hands images to engines and runs them. A privileged container changes the whole machine's registrations only
 * when root starts it (from Linux 6.7 on), so podman is root's, which has images of its own.
 */
export function commandsForImages(
  { form, path }: ImageDestination,
  tags: readonly string[],
  repository: string,
): readonly UseCommand[] {
  // Podman and skopeo take what stands behind the first colon for the tag.
  if (form !== 'docker-archive' && path.includes(':')) return [];
  const tag = mainTag(tags);
  const name = `${repository}:${tag}`;
  switch (form) {
    case 'docker-archive':
      return [
        { does: 'Load all of them into podman', command: sudo('podman', 'load', '--input', path) },
        { does: 'Load all of them into docker', command: commandLine(['docker', 'load', '--input', path]) },
        ...commandsToRun(repository, tag, ['podman', 'docker']),
      ];
    case 'oci-archive':
      return [
        { does: `Load ${tag} into podman`, command: sudo('podman', 'pull', `oci-archive:${path}:${tag}`) },
        ...forEach(tags, 'Load all of them into podman', [
          ...['sudo', 'podman', 'pull'],
          { before: `oci-archive:${path}:` },
        ]),
        ...commandsToRun(repository, tag, ['podman']),
      ];
    case 'oci-layout':
      return [
        {
          does: `Copy ${tag} to podman`,
          // Not podman pull: it makes a name of the path, and takes small letters only there.
          command: sudo('skopeo', 'copy', `oci:${path}:${tag}`, `containers-storage:${name}`),
        },
        {
          does: `Copy ${tag} to docker`,
          command: commandLine(['skopeo', 'copy', `oci:${path}:${tag}`, `docker-daemon:${name}`]),
        },
        ...forEach(tags, 'Copy all of them to podman', [
          ...['sudo', 'skopeo', 'copy'],
          { before: `oci:${path}:` },
          { before: `containers-storage:${repository}:` },
        ]),
        ...commandsToRun(repository, tag, ['podman', 'docker']),
      ];
  }
}

/** A word, or what stands before the tag in one. */
type TagWord = string | { readonly before: string };

/** Does the same with every image, by the one of its tags that is the shortest name; nothing where there is one image. */
function forEach(tags: readonly string[], does: string, words: readonly TagWord[]): readonly UseCommand[] {
  const names = tags.filter(isShortName);
  if (names.length < 2) return [];
  const body = words.map((word) =>
    typeof word === 'string' ? commandLine([word]) : `${commandLine([word.before])}"$tag"`,
  );
  return [{ does, command: `for tag in ${commandLine(names)}; do ${body.join(' ')}; done` }];
}

const isShortName = (tag: string): boolean =>
  tag === 'latest' || tag === 'register' || targetNamed(tag) !== undefined;

/** What runs images that a registry has. */
export const commandsForPublished = (repository: string, tags: readonly string[]): readonly UseCommand[] =>
  commandsToRun(repository, mainTag(tags), ['podman', 'docker']);

/** What unpacks a tarball (a string of bytes). */
export const commandsForTarball = (file: string): readonly UseCommand[] => [
  {
    does: 'Unpack it on this machine',
    command: sudo('tar', '--extract', '--file', file, '--directory', '/usr/local/bin'),
  },
];

/** Of several images the one that people want most: what registers emulators that it holds. */
function mainTag(tags: readonly string[]): string {
  const [first = ''] = tags;
  return (
    ['latest', 'register'].find((tag) => tags.includes(tag)) ??
    tags.find((tag) => targetNamed(tag) !== undefined) ??
    first
  );
}

function commandsToRun(
  repository: string,
  tag: string,
  engines: readonly ('podman' | 'docker')[],
): readonly UseCommand[] {
  const name = `${repository}:${tag}`;
  if (tag !== 'latest' && tag !== 'register') {
    const file = `/usr/bin/qemu-${tag}-static`;
    return targetNamed(tag) === undefined
      ? []
      : [
          {
            does: 'Take the emulator into an image, in a Dockerfile',
            command: `COPY --from=${name} ${file} ${file}`,
          },
        ];
  }
  // With -p yes the kernel opens the emulators at once, and only latest brings them along.
  const args = ['run', '--rm', '--privileged', name, '--reset', ...(tag === 'latest' ? ['-p', 'yes'] : [])];
  return engines.map((engine) => ({
    does: `Register ${tag === 'latest' ? 'its emulators' : 'emulators of other containers'}, with ${engine}`,
    command: engine === 'podman' ? sudo('podman', ...args) : commandLine(['docker', ...args]),
  }));
}

const sudo = (...words: readonly string[]): string => commandLine(['sudo', ...words]);
