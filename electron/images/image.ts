import { type CompressedBlob, type Descriptor, writeJsonBlob } from './blobs.ts';
import type { Platform } from './platform.ts';

/** Media types of the OCI image specification. */
export const mediaTypes = {
  index: 'application/vnd.oci.image.index.v1+json',
  manifest: 'application/vnd.oci.image.manifest.v1+json',
  config: 'application/vnd.oci.image.config.v1+json',
  layer: 'application/vnd.oci.image.layer.v1.tar+gzip',
} as const;

/** A layer, and what its line in the image's history says. */
export interface Layer {
  readonly blob: CompressedBlob;
  readonly content: string;
}

/** What an image is to be. */
export interface ImagePlan {
  readonly tags: readonly string[];
  /** The lowest first. */
  readonly layers: readonly Layer[];
  readonly labels: Readonly<Record<string, string>>;
  /** The program that `run` starts; null: the image only holds files. */
  readonly entrypoint: string | null;
  readonly environment: readonly string[];
  /** In seconds since 1970. */
  readonly created: number;
}

/** An image whose blobs are all written. */
export interface Image {
  readonly tags: readonly string[];
  readonly platform: Platform;
  readonly manifest: Descriptor;
  readonly config: Descriptor;
  readonly layers: readonly Descriptor[];
}

/** Writes an image's configuration and manifest into a layout that has its layers. */
export async function writeImage(layout: string, plan: ImagePlan, platform: Platform): Promise<Image> {
  const config = await writeJsonBlob(layout, mediaTypes.config, configOf(plan, platform));
  const layers = plan.layers.map(({ blob: { mediaType, digest, size } }) => ({ mediaType, digest, size }));
  const manifest = await writeJsonBlob(layout, mediaTypes.manifest, {
    schemaVersion: 2,
    mediaType: mediaTypes.manifest,
    config,
    layers,
  });
  return { tags: plan.tags, platform, manifest, config, layers };
}

/** https://github.com/opencontainers/image-spec/blob/main/config.md; the key order is part of the digest. */
function configOf(plan: ImagePlan, platform: Platform): unknown {
  const created = new Date(plan.created * 1000).toISOString();
  return {
    created,
    ...platform,
    config: {
      ...(plan.environment.length === 0 ? {} : { Env: plan.environment }),
      ...(plan.entrypoint === null ? {} : { Entrypoint: [plan.entrypoint] }),
      Labels: plan.labels,
    },
    rootfs: { type: 'layers', diff_ids: plan.layers.map(({ blob }) => blob.diffId) },
    history: plan.layers.map(({ content }) => ({
      created,
      created_by: 'qemu-binfmt-manager',
      comment: content,
    })),
  };
}
