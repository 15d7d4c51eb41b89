import { createWriteStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { encodeBytes } from '../binfmt/bytes.ts';
import { blobPath, type Descriptor } from './blobs.ts';
import type { Image } from './image.ts';
import { layoutFiles } from './layout.ts';
import { meter, type ReportProgress } from './progress.ts';
import { bytesContent, fileContent, type TarEntry, tarSize, tarStream } from './tar.ts';

/** What is in a complete image layout, as the entries of an OCI archive. */
export async function ociArchiveEntries(
  layout: string,
  images: readonly Image[],
): Promise<readonly TarEntry[]> {
  const named = await Promise.all(
    Object.values(layoutFiles).map(async (name) => {
      const file = path.join(layout, name);
      return fileEntry(name, file, (await stat(encodeBytes(file))).size);
    }),
  );
  const blobs = blobsOf(images).map(({ digest, size }) =>
    fileEntry(path.join('blobs', ...digest.split(':')), blobPath(layout, digest), size),
  );
  return [
    ...named,
    { kind: 'directory', path: 'blobs' },
    { kind: 'directory', path: 'blobs/sha256' },
    ...blobs,
  ];
}

/**
 * The entries of an archive that `docker load` takes, with each image's tags as tags of `repository`. The layers
 * stay compressed: docker, podman and skopeo look at what they hold, and other tools write them so as well.
 */
export function dockerArchiveEntries(
  layout: string,
  images: readonly Image[],
  repository: string,
): readonly TarEntry[] {
  const configName = ({ digest }: Descriptor): string => `${hexOf(digest)}.json`;
  const layerName = ({ digest }: Descriptor): string => `${hexOf(digest)}.tar.gz`;
  const manifest = images.map(({ config, layers, tags }) => ({
    Config: configName(config),
    RepoTags: tags.map((tag) => `${repository}:${tag}`),
    Layers: layers.map(layerName),
  }));
  const blobEntries = (blobs: readonly Descriptor[], nameOf: (blob: Descriptor) => string) =>
    unique(blobs).map((blob) => fileEntry(nameOf(blob), blobPath(layout, blob.digest), blob.size));
  const manifestJson = Buffer.from(JSON.stringify(manifest));
  return [
    { kind: 'file', path: 'manifest.json', mode: 0o644, content: bytesContent(manifestJson) },
    ...blobEntries(
      images.map(({ config }) => config),
      configName,
    ),
    ...blobEntries(
      images.flatMap(({ layers }) => layers),
      layerName,
    ),
  ];
}

/**
 * Writes the entries into an archive, uncompressed: nearly all of them are compressed themselves. Reports go by `name`.
 */
export async function writeArchive(
  file: string,
  name: string,
  entries: readonly TarEntry[],
  mtime: number,
  report: ReportProgress,
  signal: AbortSignal | undefined,
): Promise<void> {
  const metered = meter(tarSize(entries), report);
  await pipeline(
    metered(name, tarStream(entries, mtime)),
    createWriteStream(encodeBytes(file), { flags: 'wx' }),
    signal === undefined ? {} : { signal },
  );
}

const fileEntry = (name: string, file: string, size: number): TarEntry => ({
  kind: 'file',
  path: name,
  mode: 0o644,
  content: fileContent(file, size),
});

const hexOf = (digest: string): string => digest.replace(/^.*:/, '');

const blobsOf = (images: readonly Image[]): readonly Descriptor[] =>
  unique(images.flatMap(({ manifest, config, layers }) => [manifest, config, ...layers]));

const unique = (blobs: readonly Descriptor[]): readonly Descriptor[] => [
  ...new Map(blobs.map((blob) => [blob.digest, blob])).values(),
];
