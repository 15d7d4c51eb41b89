import { existsSync, type FSWatcher, watch } from 'node:fs';
import path from 'node:path';
import { encodeBytes } from './bytes.ts';

/** Calls back on every event in a directory, with a file's name where inotify tells one; null where it cannot be watched. */
export function watchDirectory(
  directory: string,
  onEvent: (fileName: string | null) => void,
): FSWatcher | null {
  try {
    const watcher = watch(encodeBytes(directory), { persistent: false }, (_event, fileName) =>
      onEvent(fileName),
    );
    watcher.on('error', () => watcher.close());
    return watcher;
  } catch {
    return null; // Not there (yet).
  }
}

/**
 * Calls back on every event in a directory, also in one that comes to be, or comes to be again, later: until then
 * the nearest directory above is watched. Returns how to stop.
 */
export function followDirectory(directory: string, onChange: () => void): () => void {
  let watcher: FSWatcher | null = null;

  const follow = (mayRepeat: boolean): void => {
    watcher?.close();
    let place = directory;
    let awaited = '';
    const onEvent = (fileName: string | null): void => {
      // Of its own end a directory tells under its own name.
      const isAboutPlace = fileName === null || fileName === path.basename(place) || fileName === awaited;
      if (isAboutPlace) follow(true);
      if (isAboutPlace || place === directory) onChange();
    };
    watcher = watchDirectory(place, onEvent);
    while (watcher === null && place !== '/') {
      awaited = path.basename(place);
      place = path.dirname(place);
      watcher = watchDirectory(place, onEvent);
    }
    // What came to be before the watch began tells nothing.
    if (mayRepeat && place !== directory && existsSync(path.join(place, awaited))) follow(false);
  };

  follow(true);
  return () => watcher?.close();
}
