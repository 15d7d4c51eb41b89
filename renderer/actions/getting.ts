import {
  type ArchiveKind,
  type GettingProgress,
  inWords,
  isMounted,
  type PlaceWish,
} from '../../electron/ipc/contract.ts';
import { emulators, type GettingView, type GettingWork } from '../getting/getting-view.ts';
import { oneAtATime } from '../one-at-a-time.ts';
import { type Store, showChange, useStore } from '../store.ts';
import { registerAll } from './changes.ts';
import { followWork, type Saying, type WorkDialog } from './follow-work.ts';

const { getState: get, setState: set, subscribe } = useStore;

/** Finds out what the distribution has. */
export async function learnOffer(): Promise<void> {
  update({ offer: null });
  update({ offer: await window.binfmt.offerOfDistribution() });
}

/** Shows what would be installed; what is under way, and what came of it unseen, first. */
export function openInstall(): void {
  const { work, installed } = get().getting;
  if (work !== null) {
    showWork();
    return;
  }
  update({ dialog: 'install', ...(installed === null && noNote) });
  if (installed === null) void learnOffer();
}

/** Shows where emulators can come from, and what was found in what was chosen last. */
export function openArchive(): void {
  if (get().getting.work === null) update({ dialog: 'archive', ...noNote });
  else showWork();
}

/** Puts the dialog away; what is under way goes on. */
export function closeGetting(): void {
  const { work } = get().getting;
  update({ dialog: null, ...(work === null && { ...noNote, installed: null, archive: null }) });
}

/** Installs what the distribution has. */
export async function install(): Promise<void> {
  const { offer, work } = get().getting;
  if (work !== null || offer?.ok !== true) return;
  update({ dialog: 'install', installed: null });
  const subject = inWords(offer.value.packages);
  await working('installing', subject, window.binfmt.installFromDistribution(), (installed) => {
    const { kind, sentence, lines } = installed;
    // What did not even begin leaves the offer as it was.
    if (kind !== 'installed' && lines.length === 0) return endedBadly(kind, sentence);
    return { installed, says: { kind: kind === 'installed' ? 'done' : kind, sentence } };
  });
}

/** Goes from how an installation ended to what can be installed now. */
export function installAgain(): void {
  update({ installed: null });
  openInstall();
}

/** Registers what was installed. */
export function registerInstalled(): void {
  closeGetting();
  registerAll();
}

/** Lets a person choose an archive or a folder, and lists what is in it. */
export async function chooseArchive(kind: ArchiveKind): Promise<void> {
  const path = await window.binfmt.chooseArchive(kind);
  if (path !== null) await list(path);
}

/** Lists what is in an archive or a folder that was dropped. */
export async function takeDroppedArchive(file: File): Promise<void> {
  let path: string;
  try {
    path = await window.binfmt.takeDroppedArchive(file);
  } catch {
    update(noteOf('failed', 'That is no file on this machine. Drop one from the file manager.'));
    return;
  }
  await list(path);
}

/** Lists what is in the file that was explained last. */
export async function takeExplainedArchive(): Promise<void> {
  const path = await window.binfmt.takeExplainedArchive();
  if (path === null) return;
  set({ explanation: null });
  openArchive();
  await list(path);
}

export function changeArchiveForm(part: Partial<PlaceWish>): void {
  update({ form: { ...get().getting.form, ...part }, ...noNote });
  void learnWhatWillRun();
}

/** Brings what is shown of it up to date with what is chosen. */
const learnWhatWillRun = oneAtATime(async () => {
  const { archive, form } = get().getting;
  const wish = wishOf(get());
  const whatWillRun =
    archive === null || wish.fileNames.length === 0 ? null : await window.binfmt.previewPlacing(wish);
  const { getting } = get();
  if (getting.archive === archive && getting.form === form) update({ whatWillRun });
});

// What anybody registers meanwhile changes what would be done.
subscribe(({ snapshot, getting }, before) => {
  if (getting.dialog === 'archive' && snapshot !== before.snapshot) void learnWhatWillRun();
});

const wishOf = ({ getting: { form }, snapshot }: Store): PlaceWish =>
  isMounted(snapshot) ? form : { ...form, register: 'no' };

/** Puts what is chosen into its place. */
export async function place(): Promise<void> {
  const wish = wishOf(get());
  if (get().getting.work !== null || wish.fileNames.length === 0) return;
  await working(
    'placing',
    emulators(wish.fileNames.length),
    window.binfmt.placeInterpreters(wish),
    (placed) => {
      if (placed.kind === 'failed') return failed(placed.sentence);
      if (placed.kind === 'stopped') return stopped('Cancelled: nothing was installed.');
      const { kind, message, details } = placed.result;
      // The window says it, with Undo, whether the dialog is there or not.
      showChange(placed.result);
      if (kind === 'done') return { archive: null, dialog: null, says: null };
      return { ...noteOf(kind === 'failed' ? kind : 'stopped', message, details), says: null };
    },
  );
}

/** Stops what is under way, as far as that is safe. */
export function cancelGetting(): void {
  const { work } = get().getting;
  if (work === null) return;
  update({ work: { ...work, isCancelled: true } });
  void window.binfmt.cancelGetting();
}

export async function copyFromGetting(text: string): Promise<void> {
  await window.binfmt.copyText(text);
  update({ copied: text });
}

async function list(path: string): Promise<void> {
  if (get().getting.work !== null) return;
  update({ archive: null, whatWillRun: null });
  await working('listing', nameOf(path), window.binfmt.listArchive(), (listed) => {
    if (listed.kind === 'failed') return failed(listed.sentence);
    if (listed.kind === 'stopped') return stopped('Cancelled.');
    const { archive } = listed;
    return {
      archive,
      form: { ...get().getting.form, fileNames: archive.taken },
      says: { kind: 'done', sentence: `Found ${emulators(archive.programs.length)} in ${archive.path}` },
    };
  });
  await learnWhatWillRun();
}

const nameOf = (path: string): string => path.slice(path.lastIndexOf('/', path.length - 2) + 1);

/** What a work has changed, and what the window says of it where the dialog was put away. */
type End = Partial<GettingView> & { readonly says: Saying | null };

/** Shows how far a work is, and what came of it when it has ended. */
async function working<Outcome>(
  kind: GettingWork['kind'],
  subject: string,
  work: Promise<Outcome>,
  conclude: (outcome: Outcome) => End,
): Promise<void> {
  update({ work: { kind, subject, progress: null, isCancelled: false }, ...noNote });
  await followWork(work, conclude, dialog);
}

const dialog: WorkDialog<GettingProgress, End> = {
  listen: (show) => window.binfmt.onGettingProgress(show),
  show: (progress) => {
    const present = get().getting.work;
    if (present !== null) update({ work: { ...present, progress } });
  },
  isHidden: () => get().getting.dialog === null,
  failed: (sentence) => failed(sentence),
  end: ({ says: _, ...end }) => update({ work: null, hasEnded: true, ...end }),
  sayingOf: ({ says }) => says,
};

const noNote = { note: null, hasEnded: false, copied: null } as const;

const noteOf = (
  kind: 'failed' | 'stopped',
  sentence: string,
  details: readonly string[] = [],
): Partial<GettingView> => ({
  note: { kind, sentence, details },
  hasEnded: true,
});

const endedBadly = (kind: 'failed' | 'stopped', sentence: string): End => ({
  ...noteOf(kind, sentence),
  says: { kind, sentence },
});
const failed = (sentence: string): End => endedBadly('failed', sentence);
const stopped = (sentence: string): End => endedBadly('stopped', sentence);

const showWork = (): void =>
  update({ dialog: get().getting.work?.kind === 'installing' ? 'install' : 'archive' });

function update(part: Partial<GettingView>): void {
  set({ getting: { ...get().getting, ...part } });
}
