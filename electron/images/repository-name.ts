/** Where images are published: `registry.example.org:5000` and `team/qemu-user-static`. */
export interface Repository {
  readonly registry: string;
  readonly path: string;
}

/** Longest name that registries take, in characters. */
const LONGEST_NAME = 255;
/** As the distribution project's reference grammar has them; IPv6 addresses stand in brackets. */
const REGISTRY = /^(?:[a-zA-Z0-9](?:[a-zA-Z0-9.-]*[a-zA-Z0-9])?|\[[0-9a-fA-F:.]+\])(?::\d{1,5})?$/;
const COMPONENT = /^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*$/;

/** Why engines would not take this as the name of a repository, as a sentence; null when they do. */
export function problemOfRepositoryName(name: string): string | null {
  if (/^[a-z]+:\/\//i.test(name))
    return `Write ${name.replace(/^[a-z]+:\/\//i, '')}, without what stands before it.`;
  if (name.includes('@')) {
    return 'Log in with skopeo login or docker login instead of writing a name or password here; a digest (@) has no place here either.';
  }
  const [first = '', ...others] = name.split('/');
  const components = others.length > 0 && isRegistry(first) ? others : [first, ...others];
  if (name.length > LONGEST_NAME) return `The repository’s name is longer than ${LONGEST_NAME} characters.`;
  if (components.every((component) => COMPONENT.test(component))) return null;
  return (
    `“${name}” is no repository’s name. Write small letters and digits, with single dots, dashes or underscores ` +
    'between them, and no tag: registry.example.org/team/qemu-user-static'
  );
}

/** Takes a full name apart: null when it does not begin with a registry, or see {@link problemOfRepositoryName}. */
export function parseRepository(name: string): Repository | null {
  const [registry = '', ...components] = name.split('/');
  const isFull = components.length > 0 && isRegistry(registry) && problemOfRepositoryName(name) === null;
  return isFull ? { registry, path: components.join('/') } : null;
}

/** Why {@link parseRepository} took a name for none, as a sentence. */
export const explainNoRepository = (name: string): string =>
  problemOfRepositoryName(name) ?? `Name the registry too, like docker.io/${name} or localhost:5000/${name}.`;

export const nameOfRepository = ({ registry, path }: Repository): string => `${registry}/${path}`;

/** Whether it is this machine itself: such registries mostly speak plain HTTP, and docker expects that too. */
export const isLoopback = ({ registry }: Repository): boolean =>
  /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d+)?$/i.test(registry);

/** A first part with a dot, a colon or of that name is a registry; any other is a part of the path. */
const isRegistry = (part: string): boolean =>
  REGISTRY.test(part) && (part === 'localhost' || /[.:]/.test(part) || part !== part.toLowerCase());
