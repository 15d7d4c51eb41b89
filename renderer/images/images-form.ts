import {
  type BuildWish,
  type EmulatorChoice,
  explainNoRepository,
  type ImageChoices,
  type ImageKind,
  type PlaceKind,
  parseRepository,
  problemOfRepositoryName,
} from '../../electron/ipc/contract.ts';
import { isListOf, isOneOf, isTextOf, recall, remember, type Tests } from '../remembered.ts';

/** What a person has chosen in the dialog; what does not count at the moment keeps what was chosen. */
export interface ImagesForm {
  readonly what: BuildWish['kind'];
  /** The names of emulators. */
  readonly emulators: readonly string[];
  readonly images: readonly ImageKind[];
  readonly form: Exclude<PlaceKind, 'tarballs'>;
  /** What engines call the images, without a tag. */
  readonly repository: string;
  /** Where images are published. */
  readonly registry: string;
}

const STORAGE_KEY = 'container-images';
const imageKinds: readonly ImageKind[] = ['emulators', 'register', 'latest'];

/** The form to begin with: the last choices as far as they are possible, and of emulators those that are named. */
export function formFor(choices: ImageChoices, targets: readonly string[] | null): ImagesForm {
  const { emulators: last, images, ...remembered } = recall(STORAGE_KEY, tests);
  const usable = usableEmulators(choices);
  const isWanted = ({ name, targets: emulated }: EmulatorChoice): boolean =>
    targets === null
      ? last === undefined || last.includes(name)
      : emulated.some((target) => targets.includes(target));
  return {
    what: 'images',
    images: (images ?? imageKinds).filter((kind) => problemOfImage(kind, choices) === null),
    form: 'docker-archive',
    repository: 'localhost/qemu-user-static',
    registry: '',
    ...remembered,
    emulators: usable.filter(isWanted).map(({ name }) => name),
  };
}

/** Remembers choices for the next time; that all are chosen as such, for some may be installed until then. */
export function rememberForm({ emulators, ...form }: ImagesForm, choices: ImageChoices): void {
  const isAll = emulators.length === usableEmulators(choices).length;
  remember(STORAGE_KEY, isAll ? form : { ...form, emulators });
}

export const usableEmulators = ({ emulators }: ImageChoices): readonly EmulatorChoice[] =>
  emulators.filter(({ problem }) => problem === null);

/** Why this machine cannot make an image, as a sentence; null when it can. */
export const problemOfImage = (kind: ImageKind, { shell }: ImageChoices): string | null =>
  kind !== 'emulators' && 'problem' in shell ? shell.problem : null;

export const placeKindOf = ({ what, form }: ImagesForm): PlaceKind => (what === 'tarballs' ? what : form);

/** What the form asks to be built. */
export const wishOf = ({ what, emulators, images, form, repository }: ImagesForm): BuildWish =>
  what === 'tarballs' ? { kind: what, emulators } : { kind: what, emulators, images, form, repository };

/** What keeps it from being built, as a sentence; null when nothing does. What stands in a field is said there. */
export function missingFor({ what, emulators, images }: ImagesForm): string | null {
  if (what === 'images' && images.length === 0) return 'Choose at least one image.';
  const needsEmulators = what === 'tarballs' || images.some((kind) => kind !== 'register');
  return needsEmulators && emulators.length === 0 ? 'Choose at least one target.' : null;
}

/** What is wrong with the name of the images, as a sentence; null when nothing is. */
export const problemOfName = ({ repository }: ImagesForm): string | null =>
  problemOfRepositoryName(repository);

/** What is wrong with where to publish, as a sentence; null when nothing is, and while nothing is there yet. */
export const problemOfRegistry = ({ registry }: ImagesForm): string | null =>
  registry === '' || parseRepository(registry) !== null ? null : explainNoRepository(registry);

const tests: Tests<ImagesForm> = {
  what: isOneOf(['tarballs', 'images']),
  emulators: isListOf(isTextOf(255)),
  images: isListOf(isOneOf(imageKinds)),
  form: isOneOf(['oci-layout', 'oci-archive', 'docker-archive']),
  repository: isTextOf(255),
  registry: isTextOf(255),
};
