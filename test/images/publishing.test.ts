import { copyFileSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, request as forward } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { Publisher } from '../../electron/giving/publisher.ts';
import { type BuiltImage, buildImages } from '../../electron/images/build-images.ts';
import { sizeInLayout } from '../../electron/images/layout-blobs.ts';
import {
  type Publication,
  type PublishProgress,
  planPublication,
  publish,
} from '../../electron/images/publish.ts';
import { temporaryDirectory } from '../support/interpreters.ts';
import { account, type ImageRegistry, startRegistry } from './support/image-registry.ts';
import { emulatorsFor, requestFor } from './support/real-emulators.ts';
import { outputOf, run } from './support/run.ts';

const { directory, remove } = temporaryDirectory();
const layout = path.join(directory, 'images');
const request = requestFor(emulatorsFor('aarch64', 's390x'));
let built: readonly BuiltImage[] = [];
let tags: readonly string[] = [];
let registry: ImageRegistry;
let port = 5000;

async function build(emulators = request.emulators): Promise<void> {
  const result = await buildImages({ ...request, emulators }, { form: 'oci-layout', path: layout });
  if (!result.ok) throw new Error(result.problem);
  built = result.value;
  tags = built.flatMap((image) => image.tags);
}

const start = async (options: Parameters<typeof startRegistry>[2] = {}): Promise<ImageRegistry> => {
  port += 1;
  registry = await startRegistry(directory, port, options);
  return registry;
};

beforeAll(() => build());
afterEach(async () => {
  await registry?.stop();
  run(['skopeo', 'logout', '--all']);
});
afterAll(remove);

const nameAt = ({ address }: ImageRegistry): string => `${address}/team/qemu-user-static`;

async function plan(name: string): Promise<Publication> {
  const planned = await planPublication(layout, name);
  if (!planned.ok) throw new Error(planned.problem.reason);
  return planned.value;
}

const statesOf = (publication: Publication): Readonly<Record<string, string>> =>
  Object.fromEntries(publication.tags.map(({ tag, state }) => [tag, state]));

const allAre = (state: string) => Object.fromEntries(tags.map((tag) => [tag, state]));

/** What makes a registry keep something. */
const isSending = (asked: string): boolean => /^(?:PUT|POST|PATCH) /.test(asked);

describe('publishing', () => {
  test('sends every tag, which the registry gives back with the same digest, and sends nothing twice', async () => {
    const name = nameAt(await start());
    const first = await plan(name);
    expect(statesOf(first)).toEqual(allAre('new'));
    expect(registry.requests().filter(isSending)).toEqual([]);

    const reports: PublishProgress[] = [];
    expect(await publish(first, (progress) => reports.push(progress))).toEqual({ ok: true, value: tags });
    const total = await sizeInLayout(
      layout,
      built.map(({ digest }) => digest),
    );
    expect(reports.at(-1)).toEqual({
      tag: tags.at(-1),
      done: tags.length,
      total: tags.length,
      bytes: { sent: total, total },
    });
    const uploads = registry.requests().filter((asked) => /^PUT .*\/blobs\//.test(asked));
    // Two emulators, the shell, and the configurations of four images: each once, whatever the number of tags.
    expect(uploads).toHaveLength(7);

    for (const { tags: ofImage, digest } of built) {
      for (const tag of ofImage) {
        const { Digest } = JSON.parse(
          outputOf(['skopeo', 'inspect', '--tls-verify=false', `docker://${name}:${tag}`]),
        );
        expect(Digest, tag).toBe(digest);
      }
    }
    registry.requests();

    const second = await plan(name);
    expect(statesOf(second)).toEqual(allAre('same'));
    expect(await publish(second)).toEqual({ ok: true, value: [] });
    // And whoever copied them anew would send the same again.
    outputOf([
      'skopeo',
      'copy',
      '--dest-tls-verify=false',
      `oci:${layout}:aarch64`,
      `docker://${name}:aarch64`,
    ]);
    expect(registry.requests().filter(isSending)).toEqual([
      'PUT /v2/team/qemu-user-static/manifests/aarch64 201',
    ]);
  });

  test('gives podman images that it can run', async () => {
    const name = nameAt(await start());
    await publish(await plan(name));
    const image = `${name}:s390x`;
    outputOf(['podman', 'pull', '--quiet', '--tls-verify=false', image]);
    expect(outputOf(['podman', 'run', '--rm', image, '/usr/bin/qemu-s390x-static', '--version'])).toMatch(
      /^qemu-s390x version/,
    );
  });

  test('shows what is different before it is replaced, and replaces it', async () => {
    const name = nameAt(await start());
    await publish(await plan(name));
    outputOf([
      ...['skopeo', 'copy', '--src-tls-verify=false', '--dest-tls-verify=false'],
      ...[`docker://${name}:s390x`, `docker://${name}:aarch64`],
    ]);
    const changed = await plan(name);
    expect(statesOf(changed)).toEqual({ ...allAre('same'), aarch64: 'different' });
    expect(await publish(changed)).toEqual({ ok: true, value: ['aarch64'] });
    expect(statesOf(await plan(name))).toEqual(allAre('same'));
  });

  test('asks for each tag where the registry lists none, and replaces nothing that nobody was asked about', async () => {
    const real = nameAt(await start());
    outputOf([
      'skopeo',
      'copy',
      '--dest-tls-verify=false',
      `oci:${layout}:s390x`,
      `docker://${real}:aarch64`,
    ]);
    const { address, close } = await withoutLists(registry.address);
    const name = `${address}/team/qemu-user-static`;
    const planned = await plan(name);
    expect(statesOf(planned)).toEqual({ ...allAre('new'), aarch64: 'different' });
    const publisher = new Publisher();
    const signal = new AbortController().signal;
    await publisher.compare(layout, name, () => {}, signal);
    const published = await publisher.publish(false, () => {}, signal);
    expect(published).toMatchObject({ kind: 'published', sent: tags.filter((tag) => tag !== 'aarch64') });
    expect(statesOf(await plan(name))).toEqual({ ...allAre('same'), aarch64: 'different' });
    close();
  });

  test('tells how much of a large image was sent', async () => {
    const name = nameAt(await start());
    const planned = await plan(name);
    const only = { ...planned, tags: planned.tags.filter(({ tag }) => tag === 'latest') };
    const reports: PublishProgress[] = [];
    await publish({ ...only }, (progress) => reports.push(progress));
    const [first, last] = [reports[0], reports.at(-1)];
    expect(first?.bytes?.sent).toBe(0);
    expect(last?.bytes?.sent).toBe(last?.bytes?.total);
    expect(last?.bytes?.total).toBeGreaterThan(1e6);
  });

  test('goes on where it was stopped', async () => {
    const name = nameAt(await start());
    const stop = new AbortController();
    const first = await publish(
      await plan(name),
      ({ done }) => {
        if (done === 3) stop.abort();
      },
      stop.signal,
    );
    expect(first).toMatchObject({ ok: false, problem: { kind: 'stopped', sent: tags.slice(0, 3) } });
    registry.requests();

    const rest = await plan(name);
    expect(rest.tags.filter(({ state }) => state === 'same').map(({ tag }) => tag)).toEqual(tags.slice(0, 3));
    expect(await publish(rest)).toEqual({ ok: true, value: tags.slice(3) });
    const again = registry.requests().filter((asked) => asked.startsWith('PUT'));
    for (const tag of tags.slice(0, 3)) {
      expect(again).not.toContain(`PUT /v2/team/qemu-user-static/manifests/${tag} 201`);
    }
    expect(statesOf(await plan(name))).toEqual(allAre('same'));
  });

  test('can be stopped in the middle of a tag', async () => {
    const name = nameAt(await start());
    const stop = new AbortController();
    const sending = publish(
      await plan(name),
      () => {
        setTimeout(() => stop.abort(), 20);
      },
      stop.signal,
    );
    expect(await sending).toMatchObject({ ok: false, problem: { kind: 'stopped' } });
    const planning = planPublication(layout, name, () => {}, AbortSignal.abort());
    expect(await planning).toMatchObject({ ok: false, problem: { kind: 'stopped' } });
    expect((await publish(await plan(name))).ok).toBe(true);
  });

  test('uses the login that skopeo, podman or docker keep', async () => {
    const name = nameAt(await start({ login: true }));
    for (const program of ['skopeo', 'podman']) {
      const login = [
        'login',
        '--tls-verify=false',
        '--username',
        account.user,
        '--password-stdin',
        registry.address,
      ];
      outputOf(['bash', '-c', 'printf %s "$PASSWORD" | "$@"', 'bash', 'env', program, ...login], {
        PASSWORD: account.password,
      });
      expect((await publish(await plan(name))).ok).toBe(true);
      outputOf([program, 'logout', registry.address]);
    }
    const docker = path.join(process.env.HOME ?? '', '.docker');
    mkdirSync(docker);
    const auth = Buffer.from(`${account.user}:${account.password}`).toString('base64');
    outputOf(['bash', '-c', 'printf %s "$CONFIG" > "$0"', path.join(docker, 'config.json')], {
      CONFIG: JSON.stringify({ auths: { [registry.address]: { auth } } }),
    });
    expect(statesOf(await plan(name))).toEqual(allAre('same'));
    rmSync(docker, { recursive: true });
  });

  test('uses the login that docker keeps in a credential store, and leaves none of it behind', async () => {
    const name = nameAt(await start({ login: true }));
    const docker = path.join(process.env.HOME ?? '', '.docker');
    const programs = path.join(directory, 'programs');
    mkdirSync(docker, { recursive: true });
    mkdirSync(programs);
    writeFileSync(path.join(docker, 'config.json'), JSON.stringify({ auths: {}, credsStore: 'tests' }));
    const answer = JSON.stringify({ Username: account.user, Secret: account.password });
    const store = path.join(programs, 'docker-credential-tests');
    writeFileSync(
      store,
      `#!/bin/bash\n[[ $1 == get && $(cat) == ${registry.address} ]] && echo '${answer}'\n`,
      { mode: 0o755 },
    );
    const { PATH, XDG_RUNTIME_DIR } = process.env;
    const runtime = path.join(directory, 'runtime');
    mkdirSync(runtime);
    Object.assign(process.env, { PATH: `${programs}:${PATH}`, XDG_RUNTIME_DIR: runtime });
    try {
      expect((await publish(await plan(name))).ok).toBe(true);
      expect(statesOf(await plan(name))).toEqual(allAre('same'));
      expect(readdirSync(runtime)).toEqual([]);
    } finally {
      process.env.PATH = PATH;
      if (XDG_RUNTIME_DIR === undefined) delete process.env.XDG_RUNTIME_DIR;
      else process.env.XDG_RUNTIME_DIR = XDG_RUNTIME_DIR;
      rmSync(docker, { recursive: true });
    }
  });
});

/** The same registry for somebody who may not list tags. */
async function withoutLists(address: string) {
  const [host, registryPort] = address.split(':');
  const server = createServer((asked, answer) => {
    if (asked.url?.includes('/tags/list')) {
      answer.writeHead(403, { 'content-type': 'application/json' });
      answer.end('{"errors":[{"code":"DENIED","message":"requested access to the resource is denied"}]}');
      return;
    }
    const { method, url, headers } = asked;
    const passedOn = forward({ host, port: registryPort, method, path: url, headers }, (answered) => {
      answer.writeHead(answered.statusCode ?? 500, answered.headers);
      answered.pipe(answer);
    });
    asked.pipe(passedOn);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => server.close(),
  };
}

describe('a sentence says', () => {
  const problemAt = async (name: string) => {
    const planned = await planPublication(layout, name);
    if (planned.ok) throw new Error('It was planned.');
    return planned.problem;
  };

  test('that there is no login, or a wrong one', async () => {
    const name = nameAt(await start({ login: true }));
    expect(await problemAt(name)).toEqual({
      kind: 'login-refused',
      reason: expect.stringMatching(
        `^${registry.address} refused the login, or there is none. ` +
          `Log in with skopeo login --tls-verify=false ${registry.address} `,
      ),
    });
    const publication = { layout, repository: { registry: registry.address, path: 'a' }, tags: [] };
    const tag = { tag: 'aarch64', digest: '', state: 'new' } as const;
    expect(await publish({ ...publication, tags: [tag] })).toMatchObject({
      ok: false,
      problem: { kind: 'login-refused', sent: [] },
    });
  });

  test('that the login may not write there', async () => {
    const server = createServer((asked, answer) => {
      const isPing = asked.url === '/v2/';
      answer.writeHead(isPing ? 200 : 403, { 'Docker-Distribution-Api-Version': 'registry/2.0' });
      answer.end(isPing ? '{}' : '{"errors":[{"code":"DENIED","message":"requested access is denied"}]}');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const name = `127.0.0.1:${(server.address() as AddressInfo).port}/team/qemu`;
    // Some registries deny a repository that is not there yet: whether it may be written to shows then.
    const publication = await plan(name);
    expect(statesOf(publication)).toEqual(allAre('unknown'));
    expect(await publish(publication)).toMatchObject({
      ok: false,
      problem: {
        kind: 'denied',
        reason: expect.stringContaining(`does not let this login write to ${name}`),
      },
    });
    server.close();
  });

  test('that a registry cannot be reached', async () => {
    for (const [name, why] of [
      ['127.0.0.1:1/a', 'connection refused'],
      ['registry.invalid/a', '(?:no such host|network is unreachable|server misbehaving|connection refused)'],
    ] as const) {
      const { kind, reason } = await problemAt(name);
      expect(reason).toMatch(
        new RegExp(`^${name.split('/')[0]} cannot be reached \\(${why}\\). Check its name`),
      );
      expect(kind).toBe('unreachable');
    }
  });

  test('that a registry went away, and what was sent', async () => {
    const name = nameAt(await start());
    const stopped = registry;
    const result = await publish(await plan(name), ({ done }) => {
      if (done === 2) void stopped.stop();
    });
    expect(result).toMatchObject({ ok: false, problem: { kind: 'unreachable' } });
    expect(!result.ok && result.problem.sent.length).toBeLessThan(tags.length);
  });

  test('that the registry’s disk may be full', async () => {
    const storage = path.join(directory, 'small');
    mkdirSync(storage);
    outputOf(['mount', '-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', storage]);
    const name = nameAt(await start({ storage }));
    expect(await publish(await plan(name))).toMatchObject({
      ok: false,
      problem: {
        // Which of the two it is depends on how far the sending has come.
        reason: expect.stringMatching(
          /(?:failed \(500 Internal Server Error\)|broke off \([^)]+\))\. Its disk may be full/,
        ),
        sent: [],
      },
    });
    await registry.stop();
    outputOf(['umount', storage]);
  });

  test('that skopeo is not installed', async () => {
    const before = process.env.PATH;
    process.env.PATH = directory;
    const problem = await problemAt('localhost:5000/a').finally(() => {
      process.env.PATH = before;
    });
    expect(problem).toMatchObject({
      kind: 'no-skopeo',
      reason: expect.stringMatching(/Install the package skopeo/),
    });
  });

  test('that a directory holds no images', async () => {
    const planned = await planPublication(directory, 'localhost:5000/a');
    expect(!planned.ok && planned.problem.reason).toMatch(/holds no image layout\. What can be published/);
    const file = await planPublication('/etc/hostname', 'localhost:5000/a');
    expect(!file.ok && file.problem.reason).toMatch(/^\/etc\/hostname is a file\. What can be published/);
    copyFileSync('/etc/hostname', path.join(directory, 'index.json'));
    const garbage = await planPublication(directory, 'localhost:5000/a');
    expect(!garbage.ok && garbage.problem.reason).toMatch(/holds no image layout with tags/);
  });

  test('that a name is none, and no password is repeated', async () => {
    expect((await problemAt('qemu')).reason).toContain('Name the registry too, like docker.io/qemu');
    const { reason } = await problemAt('me:secret@localhost:5000/a');
    expect(reason).toContain('skopeo login');
    expect(reason).not.toContain('secret');
  });
});
