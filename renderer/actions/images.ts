import type { Built, ImageProgress } from '../../electron/ipc/contract.ts';
import { formFor, type ImagesForm, placeKindOf, rememberForm, wishOf } from '../images/images-form.ts';
import type { ImagesView, Work } from '../images/images-view.ts';
import { useStore } from '../store.ts';
import { followWork, type WorkDialog } from './follow-work.ts';

const { getState: get, setState: set } = useStore;

/** Asks a person what is to be built, of the emulators of these targets; of those chosen last where none are named. */
export async function openImages(targets: readonly string[] | null): Promise<void> {
  const { images } = get();
  // What is under way, and what came of it unseen, is shown first.
  if (images !== null && (images.work !== null || images.built !== null)) return update({ isOpen: true });
  const choices = await window.binfmt.imageChoices();
  set({
    images: {
      places: {},
      layout: null,
      comparison: null,
      ...get().images,
      isOpen: true,
      page: 'build',
      choices,
      form: formFor(choices, targets),
      work: null,
      hasEnded: false,
      built: null,
      replace: false,
      note: null,
      copied: null,
    },
  });
}

/** Puts the dialog away; what is under way goes on. */
export function closeImages(): void {
  const { images } = get();
  if (images === null) return;
  update({ isOpen: false, ...(images.work === null && { built: null, note: null }) });
}

export const showPage = (page: ImagesView['page']): void => update({ page, note: null, hasEnded: false });

/** Goes from what was built to the choices. Over an archive that was built a person writes only when asked anew. */
export function buildMore(): void {
  const { 'oci-archive': _oci, 'docker-archive': _docker, ...places } = get().images?.places ?? {};
  update({ built: null, note: null, places });
}

export function changeImages(part: Partial<ImagesForm>): void {
  const { images } = get();
  if (images === null) return;
  const isElsewhere = part.registry !== undefined;
  update({
    form: { ...images.form, ...part },
    note: null,
    hasEnded: false,
    ...(isElsewhere && { comparison: null, replace: false }),
  });
}

/** Lets a person choose where what is chosen now goes; returns whether there is such a place then. */
export async function choosePlace(): Promise<boolean> {
  const { images } = get();
  if (images === null) return false;
  const kind = placeKindOf(images.form);
  const place = await window.binfmt.chooseImagePlace(kind);
  if (place === null) return false;
  update({ places: { ...get().images?.places, [kind]: place }, note: null });
  return true;
}

/** Builds what is chosen; asks first where it goes, if nobody has said yet. */
export async function build(): Promise<void> {
  const { images } = get();
  if (images === null || images.work !== null) return;
  const { form, choices } = images;
  if (images.places[placeKindOf(form)] === undefined && !(await choosePlace())) return;
  rememberForm(form, choices);
  const isLayout = form.what === 'images' && form.form === 'oci-layout';
  await working('building', window.binfmt.buildImages(wishOf(form)), (result) => {
    if (result.kind === 'failed') return failed(result.reason);
    if (result.kind === 'stopped') return stopped('Cancelled: nothing was written.');
    const { built } = result;
    return {
      built,
      ...done(`Built ${countOf(built)} in ${built.path}`),
      ...(isLayout && { layout: built.path, comparison: null, replace: false }),
    };
  });
}

export const showBuilt = (): void => void window.binfmt.showBuilt();

/** Lets a person choose which images are to be published. */
export async function chooseLayout(): Promise<void> {
  const layout = await window.binfmt.chooseLayout();
  if (layout === null) return;
  update({ layout, comparison: null, replace: false, note: null, hasEnded: false });
}

/** Compares what is to be published with what the registry has. */
export async function compare(): Promise<void> {
  const { images } = get();
  if (images === null || images.work !== null || images.layout === null) return;
  const { form, choices } = images;
  update({ comparison: null, replace: false });
  await working('comparing', window.binfmt.compareImages(form.registry), (result) => {
    if (result.kind === 'failed') return failed(result.reason);
    if (result.kind === 'stopped') return stopped('Cancelled.');
    rememberForm(form, choices);
    return { comparison: result.comparison };
  });
}

export const replaceDifferent = (replace: boolean): void => update({ replace, hasEnded: false });

/** Sends what was compared. */
export async function publish(): Promise<void> {
  const { images } = get();
  if (images === null || images.work !== null || images.comparison === null) return;
  await working('publishing', window.binfmt.publishImages(images.replace), (result) => {
    if (result.kind === 'failed') return failed(result.reason);
    const { comparison, sent } = result;
    const rest = { comparison, replace: false };
    const tags = sent.length === 1 ? '1 tag' : `${sent.length} tags`;
    if (result.kind === 'published')
      return { ...rest, ...done(`Published ${tags} to ${comparison.repository}`) };
    const before = sent.length === 0 ? '' : ` Sent before that: ${tags}.`;
    return { ...rest, ...(result.isStopped ? stopped : failed)(`${result.reason}${before}`) };
  });
}

/** Stops what is under way. */
export function cancelWork(): void {
  const work = get().images?.work ?? null;
  if (work === null) return;
  update({ work: { ...work, isCancelled: true } });
  void window.binfmt.cancelImages();
}

export async function copyFromImages(text: string): Promise<void> {
  await window.binfmt.copyText(text);
  update({ copied: text });
}

/** Shows how far a work is, and what came of it when it has ended. */
async function working<Outcome>(
  kind: Work['kind'],
  work: Promise<Outcome>,
  conclude: (outcome: Outcome) => Partial<ImagesView>,
): Promise<void> {
  update({ work: { kind, progress: null, isCancelled: false }, note: null, copied: null });
  await followWork(work, conclude, dialog);
}

const dialog: WorkDialog<ImageProgress, Partial<ImagesView>> = {
  listen: (show) => window.binfmt.onImageProgress(show),
  show: (progress) => {
    const present = get().images?.work ?? null;
    if (present !== null) update({ work: { ...present, progress } });
  },
  isHidden: () => get().images?.isOpen === false,
  failed: (sentence) => failed(sentence),
  end: (end) => update({ work: null, hasEnded: true, ...end }),
  sayingOf: ({ note = null }) => note,
};

type NotePart = Pick<ImagesView, 'note'>;
const done = (sentence: string): NotePart => ({ note: { kind: 'done', sentence } });
const stopped = (sentence: string): NotePart => ({ note: { kind: 'stopped', sentence } });
const failed = (sentence: string): NotePart => ({ note: { kind: 'failed', sentence } });

function countOf({ images, tarballs }: Built): string {
  if (images.length === 0) return `${tarballs.length} tarballs`;
  return images.length === 1 ? '1 image' : `${images.length} images`;
}

function update(part: Partial<ImagesView>): void {
  const { images } = get();
  if (images !== null) set({ images: { ...images, ...part } });
}
