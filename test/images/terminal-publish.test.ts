import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type BuiltImage, buildImages } from '../../electron/images/build-images.ts';
import { BuiltTerminal } from '../support/built-terminal.ts';
import { temporaryDirectory } from '../support/interpreters.ts';
import { type ImageRegistry, startRegistry } from './support/image-registry.ts';
import { emulatorsFor, requestFor } from './support/real-emulators.ts';
import { outputOf } from './support/run.ts';

const { directory, remove } = temporaryDirectory();
const layout = path.join(directory, 'layout');
let terminal: BuiltTerminal;
let registry: ImageRegistry;
let built: readonly BuiltImage[] = [];

beforeAll(async () => {
  terminal = await BuiltTerminal.in(directory);
  registry = await startRegistry(directory, 5100);
  const result = await buildImages(requestFor(emulatorsFor('hppa', 'sh4')), {
    form: 'oci-layout',
    path: layout,
  });
  built = result.ok ? result.value : [];
});
afterAll(async () => {
  await registry.stop();
  remove();
});

const linesOf = (state: string): string =>
  built.flatMap(({ tags, digest }) => tags.map((tag) => `${state} ${tag} ${digest}\n`)).join('');

test('publish shows what it would send, sends it, nothing twice, and replaces what it is told to', () => {
  const name = `${registry.address}/team/qemu`;
  const publish = (...words: readonly string[]) =>
    terminal.run('publish', layout, '--repository', name, ...words);
  expect(publish('--dry-run')).toEqual({ status: 0, stdout: linesOf('new'), stderr: '' });
  const first = publish();
  expect(first).toMatchObject({ status: 0, stderr: '' });
  expect(first.stdout).toMatch(
    new RegExp(`^Sent ${built[0]?.tags[0]}\n[^]*Published 11 tags to ${name}\\.\n$`),
  );
  expect(publish('--dry-run').stdout).toBe(linesOf('same'));
  expect(publish().stdout).toBe(`Published 0 tags to ${name}; 11 were there already.\n`);

  outputOf([
    ...['skopeo', 'copy', '--src-tls-verify=false', '--dest-tls-verify=false'],
    ...[`docker://${name}:sh4`, `docker://${name}:hppa`],
  ]);
  expect(publish()).toEqual({
    status: 1,
    stdout: '',
    stderr: `qemu-binfmt: ${name} has other images under these tags: hppa. To replace them, add --yes.\n`,
  });
  expect(publish('--yes').stdout).toBe(`Sent hppa\nPublished 1 tag to ${name}; 10 were there already.\n`);
  expect(JSON.parse(publish('--dry-run', '--json').stdout)).toMatchObject({ repository: name, newBytes: 0 });
});
