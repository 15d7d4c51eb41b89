import path from 'node:path';
import { failure, type Result, success } from '../binfmt/result.ts';
import { dockerArchiveEntries, ociArchiveEntries, writeArchive } from './archives.ts';
import { makeBlobDirectory } from './blobs.ts';
import { findBusybox } from './busybox.ts';
import { type Emulator, type EmulatorRequest, type HostProgram, inspectEmulators } from './emulators.ts';
import { type Image, type ImagePlan, writeImage } from './image.ts';
import { type EmulatorLayer, emulatorImage, latestImage, registerImage } from './image-plans.ts';
import { busyThreads, inParallel } from './in-parallel.ts';
import { emulatorLayer, layerSize, registerLayer, writeLayer } from './layer.ts';
import { isLayout, writeLayoutIndex } from './layout.ts';
import { type Platform, platformOf } from './platform.ts';
import { meter, type ReportProgress } from './progress.ts';
import { problemOfRepositoryName } from './repository-name.ts';
import { placeDirectory, placeFile, requireFilePlace, withStaging } from './staging.ts';

/** One image for each emulator, the one that registers, and the one that does so with all emulators inside. */
export type ImageKind = 'emulators' | 'register' | 'latest';

export interface ImageRequest extends EmulatorRequest {
  readonly images: readonly ImageKind[];
  /** A static busybox for `register` and `latest` (a string of bytes); null: this machine's. */
  readonly busybox: string | null;
  /** The name that archives give the images, without a tag: `localhost/qemu-user-static`. */
  readonly repository: string;
}

/**
 * An image layout is a directory; both archives are one file. `podman load` and `docker load` take all of a docker
 * archive; of an OCI archive podman and skopeo take one tag at a time.
 */
export interface ImageDestination {
  readonly form: 'oci-layout' | 'oci-archive' | 'docker-archive';
  /** A string of bytes, see bytes.ts. */
  readonly path: string;
}

/** An image that was written. */
export interface BuiltImage {
  readonly tags: readonly string[];
  /** Of its manifest: what registries and engines call its digest. */
  readonly digest: string;
}

/**
 * Makes images without a container engine and writes them, all or none, in place of what an earlier run wrote there.
 * Equal emulators of equal age make equal digests. A problem is a sentence. Aborting the signal leaves nothing
 * behind.
 */
export async function buildImages(
  request: ImageRequest,
  destination: ImageDestination,
  report: ReportProgress = () => {},
  signal?: AbortSignal,
): Promise<Result<readonly BuiltImage[], string>> {
  const checked = await inspectRequest(request);
  if (!checked.ok) return failure(checked.problem);
  const place = path.resolve(destination.path);

  return await withStaging(path.dirname(place), place, signal, async (staging) => {
    if (destination.form !== 'oci-layout') await requireFilePlace(place);
    const layout = path.join(staging, 'layout');
    await makeBlobDirectory(layout);
    const plans = await writeLayers(layout, request, checked.value, report, signal);
    const images: Image[] = [];
    for (const plan of plans) images.push(await writeImage(layout, plan, checked.value.platform));

    const newest = Math.max(...plans.map(({ created }) => created));
    await finish({ layout, images, newest, place, report, signal }, destination.form, request.repository);
    return images.map(({ tags, manifest }) => ({ tags, digest: manifest.digest }));
  });
}

interface Ingredients {
  readonly platform: Platform;
  readonly emulators: readonly Emulator[];
  /** Null where no image needs it. */
  readonly busybox: HostProgram | null;
}

async function inspectRequest(request: ImageRequest): Promise<Result<Ingredients, string>> {
  const { images, machine } = request;
  if (images.length === 0) return failure('No image is chosen. Choose at least one.');
  const nameProblem = problemOfRepositoryName(request.repository);
  if (nameProblem !== null) return failure(nameProblem);
  const platform = platformOf(machine);
  if (platform === null) return failure(`Images have no name for machines of the kind ${machine}.`);
  const onlyRegister = images.every((kind) => kind === 'register');
  const emulators = onlyRegister ? success([]) : await inspectEmulators(request);
  if (!emulators.ok) return failure(emulators.problem);
  if (images.every((kind) => kind === 'emulators')) {
    return success({ platform, emulators: emulators.value, busybox: null });
  }
  const busybox = await findBusybox(request.busybox, request);
  if (!busybox.ok) return failure(busybox.problem);
  return success({ platform, emulators: emulators.value, busybox: busybox.value });
}

/** Writes every layer once, whatever the number of images it is in. */
async function writeLayers(
  layout: string,
  { images, machine }: ImageRequest,
  { emulators, busybox }: Ingredients,
  report: ReportProgress,
  signal: AbortSignal | undefined,
): Promise<readonly ImagePlan[]> {
  const base = busybox === null ? [] : [registerLayer(busybox, machine)];
  const plans = [...base, ...emulators.map(emulatorLayer)];
  const metered = meter(
    plans.reduce((sum, plan) => sum + layerSize(plan), 0),
    report,
  );
  const layers = await inParallel(plans, busyThreads(), signal, (plan, stop) =>
    writeLayer(layout, plan, metered, stop),
  );
  const [baseLayer] = layers;
  const withLayers: readonly EmulatorLayer[] = emulators.flatMap((emulator, index) => {
    const layer = layers[base.length + index];
    return layer === undefined ? [] : [{ emulator, layer }];
  });
  const made = images.includes('emulators') ? withLayers.map((one) => emulatorImage(one, machine)) : [];
  if (busybox === null || baseLayer === undefined) return made;
  const register = { busybox, layer: baseLayer };
  return [
    ...made,
    ...(images.includes('register') ? [registerImage(register, machine)] : []),
    ...(images.includes('latest') ? [latestImage(register, withLayers, machine)] : []),
  ];
}

interface Finished {
  readonly layout: string;
  readonly images: readonly Image[];
  /** In seconds since 1970. */
  readonly newest: number;
  readonly place: string;
  readonly report: ReportProgress;
  readonly signal: AbortSignal | undefined;
}

async function finish(
  { layout, images, newest, place, report, signal }: Finished,
  form: ImageDestination['form'],
  repository: string,
): Promise<void> {
  if (form !== 'docker-archive') await writeLayoutIndex(layout, images, repository);
  if (form === 'oci-layout') {
    signal?.throwIfAborted();
    return await placeDirectory(layout, place, isLayout);
  }
  const entries =
    form === 'oci-archive'
      ? await ociArchiveEntries(layout, images)
      : dockerArchiveEntries(layout, images, repository);
  const archive = path.join(path.dirname(layout), 'archive');
  await writeArchive(archive, place, entries, newest, report, signal);
  signal?.throwIfAborted();
  await placeFile(archive, place);
}
