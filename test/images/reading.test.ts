import { createHash } from 'node:crypto';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { emulatorNameOf } from '../../electron/binfmt/targets.ts';
import { type BuiltImage, buildImages } from '../../electron/images/build-images.ts';
import { platformOf } from '../../electron/images/platform.ts';
import { buildTarballs, tarballNames } from '../../electron/images/tarball.ts';
import { theTarget } from '../support/example-data.ts';
import { temporaryDirectory } from '../support/interpreters.ts';
import { allEmulators, emulatorPath, emulatorsFor, requestFor } from './support/real-emulators.ts';
import { outputOf } from './support/run.ts';

const { directory, remove } = temporaryDirectory();
const request = requestFor(allEmulators);
const forms = ['oci-layout', 'oci-archive', 'docker-archive'] as const;
const fileOf = (form: string): string => path.join(directory, form);
let built: readonly BuiltImage[] = [];

beforeAll(async () => {
  for (const form of forms) {
    const result = await buildImages(request, { form, path: fileOf(form) });
    if (!result.ok) throw new Error(result.problem);
    built = result.value;
  }
});
afterAll(remove);

/** How skopeo names an image in each form. */
const sources = {
  'oci-layout': (tag: string) => `oci:${fileOf('oci-layout')}:${tag}`,
  'oci-archive': (tag: string) => `oci-archive:${fileOf('oci-archive')}:${tag}`,
  'docker-archive': (tag: string) =>
    `docker-archive:${fileOf('docker-archive')}:${request.repository}:${tag}`,
};

interface Inspected {
  readonly Digest: string;
  readonly Architecture: string;
  readonly Os: string;
  readonly Created: string;
  readonly Labels: Readonly<Record<string, string>>;
  readonly Layers: readonly string[];
}

const inspect = (source: string): Inspected => JSON.parse(outputOf(['skopeo', 'inspect', source]));

describe.each(forms)('skopeo reads from the %s', (form) => {
  test('every image, for this machine, with what it says of itself', () => {
    expect(built).toHaveLength(new Set(allEmulators.map((one) => one.path)).size + 2);
    for (const { tags } of built) {
      const [tag = ''] = tags;
      const { Architecture, Os, Labels, Layers } = inspect(sources[form](tag));
      expect({ Architecture, Os }, tag).toEqual({
        Architecture: platformOf(request.machine)?.architecture,
        Os: 'linux',
      });
      expect(Labels['org.opencontainers.image.title'], tag).toBeTruthy();
      expect(Layers, tag).toHaveLength(tag === 'latest' ? built.length - 1 : 1);
    }
  });
});

test('skopeo finds every tag in the layout, with the digest that was returned', () => {
  for (const { tags, digest } of built) {
    for (const tag of tags) {
      const manifest = outputOf(['skopeo', 'inspect', '--raw', sources['oci-layout'](tag)]);
      expect(`sha256:${createHash('sha256').update(manifest).digest('hex')}`, tag).toBe(digest);
    }
  }
});

test('every tag is in the docker archive', () => {
  const manifest = outputOf([
    'tar',
    '--extract',
    '--to-stdout',
    '--file',
    fileOf('docker-archive'),
    'manifest.json',
  ]);
  const tags = JSON.parse(manifest).flatMap(
    (image: { readonly RepoTags: readonly string[] }) => image.RepoTags,
  );
  expect(tags).toEqual(built.flatMap((image) => image.tags).map((tag) => `${request.repository}:${tag}`));
});

test('an archive is the layout, packed', () => {
  const unpacked = path.join(directory, 'unpacked');
  outputOf(['mkdir', unpacked]);
  outputOf(['tar', '--extract', '--file', fileOf('oci-archive'), '--directory', unpacked]);
  outputOf(['diff', '--recursive', unpacked, fileOf('oci-layout')]);
});

test('an emulator’s image holds that program and nothing else', () => {
  for (const { target } of allEmulators) {
    const name = emulatorNameOf(theTarget(target));
    const { Layers } = inspect(sources['oci-layout'](name));
    const layer = path.join(fileOf('oci-layout'), 'blobs', ...(Layers[0] ?? '').split(':'));
    const file = `usr/bin/qemu-${name}-static`;
    expect(outputOf(['tar', '--list', '--file', layer])).toBe(`usr/\nusr/bin/\n${file}\n`);
    outputOf([
      'bash',
      '-c',
      `tar --extract --to-stdout --file '${layer}' '${file}' | cmp - '${emulatorPath(name)}'`,
    ]);
  }
});

test('tarballs hold QEMU’s programs', async () => {
  const out = path.join(directory, 'tarballs');
  outputOf(['mkdir', out]);
  const emulators = emulatorsFor('aarch64', 's390x', 'x86_64');
  const names = await buildTarballs({ ...request, emulators }, out);
  expect(names.ok && names.value).toHaveLength(2 * emulators.length);
  for (const { target, path: emulator } of emulators) {
    const [own, withHost] = tarballNames(target, request.machine);
    outputOf(['tar', '--extract', '--file', path.join(out, own), '--directory', out]);
    outputOf(['cmp', path.join(out, path.basename(emulator)), emulator]);
    outputOf(['cmp', path.join(out, own), path.join(out, withHost)]);
  }
});
