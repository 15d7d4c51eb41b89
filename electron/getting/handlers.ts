import { type BrowserWindow, dialog } from 'electron';
import type { Handlers } from '../ipc/handlers.ts';
import type { Getting, ListResult } from './getting.ts';

type GettingHandlers = Pick<
  Handlers,
  | 'offerOfDistribution'
  | 'installFromDistribution'
  | 'chooseArchive'
  | 'takeArchive'
  | 'takeExplainedArchive'
  | 'listArchive'
  | 'previewPlacing'
  | 'placeInterpreters'
  | 'cancelGetting'
>;

/** What emulators come in. */
export type ArchiveKind = 'file' | 'folder';

/** What the main process does about getting QEMU. Paths come from the system's dialogs, or from what was dropped. */
export function gettingHandlers(
  getting: Getting,
  explained: () => string | null,
  window: () => BrowserWindow | null,
): GettingHandlers {
  let archive: string | null = null;

  const take = <Path extends string | null>(path: Path): Path => {
    archive = path ?? archive;
    return path;
  };

  const list = async (): Promise<ListResult> =>
    archive === null
      ? { kind: 'failed', sentence: 'Choose first where they are to come from.' }
      : getting.list(archive);

  return {
    offerOfDistribution: () => getting.offer(),
    installFromDistribution: () => getting.install(),
    chooseArchive: async (kind) => {
      const parent = window();
      return parent === null ? null : take(await chooseArchive(kind, parent));
    },
    takeArchive: (path) => take(path),
    takeExplainedArchive: () => take(explained()),
    listArchive: list,
    previewPlacing: (wish) => getting.previewPlacing(wish),
    placeInterpreters: (wish) => getting.place(wish),
    cancelGetting: () => getting.cancel(),
  };
}

/** Lets a person choose; null when nothing was chosen. GTK has no dialog for files and folders alike. */
async function chooseArchive(kind: ArchiveKind, window: BrowserWindow): Promise<string | null> {
  const { filePaths } = await dialog.showOpenDialog(window, {
    title: kind === 'file' ? 'Choose a package or an archive' : 'Choose a folder with emulators',
    buttonLabel: 'Choose',
    ...(kind === 'file' && {
      filters: [
        {
          name: 'Packages and archives (.deb, .rpm, .tar, .tar.gz, .tar.xz, .tar.zst)',
          extensions: ['deb', 'rpm', 'tar', 'tgz', 'txz', 'tzst', 'tbz2', 'gz', 'xz', 'zst', 'bz2'],
        },
        { name: 'All files', extensions: ['*'] },
      ],
    }),
    properties: [kind === 'file' ? 'openFile' : 'openDirectory', 'showHiddenFiles', 'dontAddToRecent'],
  });
  return filePaths[0] ?? null;
}
