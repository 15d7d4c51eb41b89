import { open, readFile } from 'node:fs/promises';
import path from 'node:path';
import * as v from 'valibot';
import { decodeBytes, encodeBytes } from '../binfmt/bytes.ts';
import { failure, type Result, success } from '../binfmt/result.ts';
import { explainFileError } from './failures.ts';
import { type Image, mediaTypes } from './image.ts';

/** The files that every layout has beside its blobs. */
export const layoutFiles = { marker: 'oci-layout', index: 'index.json' } as const;

/** Whether a directory with these names in it is an image layout and nothing else. */
export const isLayout = (names: readonly string[]): boolean =>
  names.includes(layoutFiles.marker) &&
  names.every((name) => name === 'blobs' || Object.values<string>(layoutFiles).includes(name));

/**
 * Completes a layout whose blobs are written: every tag of every image in its index
 * (https://github.com/opencontainers/image-spec/blob/main/image-layout.md). `repository` is the name that engines
 * which know no other give the images (containerd's annotation).
 */
export async function writeLayoutIndex(
  layout: string,
  images: readonly Image[],
  repository: string,
): Promise<void> {
  const manifests = images.flatMap(({ manifest, platform, tags }) =>
    tags.map((tag) => ({
      ...manifest,
      platform,
      annotations: {
        'io.containerd.image.name': `${repository}:${tag}`,
        [REF_NAME]: tag,
      },
    })),
  );
  await writeJson(path.join(layout, layoutFiles.marker), { imageLayoutVersion: '1.0.0' });
  await writeJson(path.join(layout, layoutFiles.index), {
    schemaVersion: 2,
    mediaType: mediaTypes.index,
    manifests,
  });
}

const REF_NAME = 'org.opencontainers.image.ref.name';

/** What is read of an index: it may be anybody's. */
const indexFile = v.object({
  manifests: v.array(
    v.object({
      digest: v.pipe(v.string(), v.regex(/^sha256:[0-9a-f]{64}$/)),
      annotations: v.object({ [REF_NAME]: v.pipe(v.string(), v.regex(/^\w[\w.-]{0,127}$/)) }),
    }),
  ),
});

const WHAT_IS_PUBLISHED =
  'What can be published is an OCI layout, which is a directory: build the images in that form, or choose one.';

/** The tags of a layout's images and their digests, in its order. A problem is a sentence. */
export async function readLayoutTags(
  layout: string,
): Promise<Result<readonly { readonly tag: string; readonly digest: string }[], string>> {
  if (layout.includes(':') || decodeBytes(Buffer.from(layout)) !== layout) {
    return failure(
      `skopeo cannot read ${layout}: choose a directory without a colon and without broken letters.`,
    );
  }
  let text: string;
  try {
    text = await readFile(path.join(layout, layoutFiles.index), 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOTDIR') return failure(`${layout} is a file. ${WHAT_IS_PUBLISHED}`);
    if (code === 'ENOENT') return failure(`${layout} holds no image layout. ${WHAT_IS_PUBLISHED}`);
    return failure(explainFileError(error, layout));
  }
  const index = v.safeParse(v.pipe(v.string(), v.parseJson(), indexFile), text);
  if (!index.success) return failure(`${layout} holds no image layout with tags. ${WHAT_IS_PUBLISHED}`);
  return success(
    index.output.manifests.map(({ digest, annotations }) => ({ tag: annotations[REF_NAME], digest })),
  );
}

async function writeJson(file: string, value: unknown): Promise<void> {
  const opened = await open(encodeBytes(file), 'wx');
  try {
    await opened.writeFile(JSON.stringify(value));
  } finally {
    await opened.close();
  }
}
