import { execFile } from 'node:child_process';
import { failure, type Result, success } from '../binfmt/result.ts';
import { isLoopback, nameOfRepository, type Repository } from './repository-name.ts';

/** Why something was not published: what kind of thing it is, and a sentence with what to do. */
export interface PublishProblem {
  readonly kind:
    | 'no-skopeo'
    | 'login-refused'
    | 'denied'
    | 'unreachable'
    | 'insecure'
    | 'disk-full'
    | 'registry'
    | 'stopped'
    | 'other';
  readonly reason: string;
}

/** More than any manifest or list of tags that a registry sends; in bytes. */
const LARGEST_ANSWER = 32 * 1024 * 1024;

const noSkopeo: PublishProblem = {
  kind: 'no-skopeo',
  reason:
    'skopeo, which talks to registries, is not installed. Install the package skopeo and publish again.',
};

/** What a person's own stop becomes. What was sent stays, and is not sent again. */
export const stopped: PublishProblem = {
  kind: 'stopped',
  reason: 'Stopped. What was sent is published; publish again to go on with the rest.',
};

/** A repository, and how skopeo gets into it. */
export interface Access {
  readonly repository: Repository;
  /** A file with a login that skopeo does not find by itself, see docker-login.ts; null: it looks for one. */
  readonly authFile: string | null;
}

/**
 * Runs skopeo, which finds the credentials of docker, podman and itself by itself (containers-auth.json(5)), so that
 * none is ever among its arguments. Returns what it printed; a problem is about the repository. `onStart` hears of its
 * process.
 */
export function runSkopeo(
  args: readonly string[],
  { repository, authFile }: Access,
  signal: AbortSignal | undefined,
  onStart: (pid: number) => void = () => undefined,
): Promise<Result<Buffer, PublishProblem>> {
  // The images are our own: the policy about whose images this machine takes (policy.json) is not about them.
  const all = ['--insecure-policy', ...args];
  const options = {
    encoding: 'buffer',
    maxBuffer: LARGEST_ANSWER,
    env: {
      ...process.env,
      LC_ALL: 'C',
      ...(authFile === null ? {} : { REGISTRY_AUTH_FILE: authFile }),
    },
    ...(signal === undefined ? {} : { signal }),
  } as const;
  return new Promise((resolve) => {
    const skopeo = execFile('skopeo', all, options, (error, stdout, stderr) => {
      if (error === null) return resolve(success(stdout));
      if (signal?.aborted) return resolve(failure(stopped));
      if (error.code === 'ENOENT') return resolve(failure(noSkopeo));
      resolve(failure(explainSkopeo(stderr.toString() || error.message, repository)));
    });
    if (skopeo.pid !== undefined) onStart(skopeo.pid);
  });
}

/** How images in registries are named to skopeo, and the arguments that go with it. */
export const remoteImage = (repository: Repository, tag: string): string =>
  `docker://${nameOfRepository(repository)}:${tag}`;

/** Registries of this machine mostly speak plain HTTP; for others the person's registries.conf decides. */
export const tlsOption = (option: string, repository: Repository): readonly string[] =>
  isLoopback(repository) ? [`--${option}=false`] : [];

/** What skopeo's message means, and what to do. */
export function explainSkopeo(message: string, repository: Repository): PublishProblem {
  const said = readable(message);
  for (const { pattern, kind, reason } of explanations) {
    const match = pattern.exec(said);
    if (match !== null)
      return { kind, reason: reason(repository, nameOfRepository(repository), match[1] ?? '') };
  }
  return { kind: 'other', reason: `skopeo could not do it: ${said}` };
}

/** Whether a message says that a tag is not there, or the repository: one that nothing was ever sent to. */
export const saysNotThere = (message: string): boolean =>
  /status code from registry 404|(?:name|manifest) unknown|(?:NAME|MANIFEST)_UNKNOWN|repository name not known/.test(
    message,
  );

const explanations: readonly {
  readonly pattern: RegExp;
  readonly kind: PublishProblem['kind'];
  readonly reason: (repository: Repository, name: string, detail: string) => string;
}[] = [
  {
    pattern: /x509:|certificate/,
    kind: 'insecure',
    reason: ({ registry }) =>
      `The certificate of ${registry} is not trusted on this machine. If it should be, put the certificate of who ` +
      `issued it into /etc/containers/certs.d/${registry}/ca.crt.`,
  },
  {
    pattern: /gave HTTP response to HTTPS client/,
    kind: 'insecure',
    reason: ({ registry }) =>
      `${registry} does not encrypt (plain HTTP). If you trust the network between, say insecure = true for it in ` +
      '/etc/containers/registries.conf.',
  },
  {
    pattern: /unauthorized|authentication required|invalid username\/password|(?:status:|from registry) 401/,
    kind: 'login-refused',
    reason: (repository) =>
      `${repository.registry} refused the login, or there is none. Log in with ` +
      `${['skopeo login', ...tlsOption('tls-verify', repository), repository.registry].join(' ')} and publish again.`,
  },
  {
    pattern: /denied|[Ff]orbidden|insufficient_scope|(?:status:|from registry) 403/,
    kind: 'denied',
    reason: ({ registry }, name) =>
      `${registry} does not let this login write to ${name}. Choose another repository, or log in as somebody who may.`,
  },
  {
    pattern: /no space left on device|disk quota exceeded/,
    kind: 'disk-full',
    reason: () =>
      'A disk is full: this machine’s (skopeo puts large files into /var/tmp) or the registry’s. Free some space and ' +
      'publish again; what was sent is not sent again.',
  },
  {
    pattern: /toomanyrequests|(?:status:|from registry) 429/,
    kind: 'registry',
    reason: ({ registry }) => `${registry} wants fewer requests. Wait a while and publish again to go on.`,
  },
  {
    pattern: /(?:status:|from registry) (5\d\d[\w ()]*)/,
    kind: 'registry',
    reason: ({ registry }, _name, detail) =>
      `${registry} failed (${detail.trim()}). Its disk may be full: ask whoever runs it. Publish again later to go on; ` +
      'what was sent is not sent again.',
  },
  {
    // Also what a registry does that cannot store what is being sent, before it has said so.
    pattern: /(connection reset|broken pipe|EOF)/,
    kind: 'unreachable',
    reason: ({ registry }, _name, detail) =>
      `${registry} broke off (${detail}). Its disk may be full, or the network has failed. Publish again later to go on; ` +
      'what was sent is not sent again.',
  },
  {
    pattern:
      /(connection refused|no such host|network is unreachable|no route to host|timeout|server misbehaving)/,
    kind: 'unreachable',
    reason: ({ registry }, _name, detail) =>
      `${registry} cannot be reached (${detail}). Check its name and your network, and publish again; what was sent is ` +
      'not sent again.',
  },
];

/** The longest part of a message worth reading, in characters. */
const LONGEST_MESSAGE = 500;

/** The message in skopeo's last log line, without what only a terminal or a machine understands. */
function readable(message: string): string {
  const last = message.trim().split('\n').at(-1) ?? '';
  const [, quoted] = /msg="((?:[^"\\]|\\.)*)"/.exec(last) ?? [];
  return (quoted?.replace(/\\(["\\])/g, '$1') ?? last)
    .replace(/\?[^\s"]+/g, '')
    .replace(/[^\x20-\x7e\xa0-\uffff]/g, '?')
    .slice(0, LONGEST_MESSAGE);
}
