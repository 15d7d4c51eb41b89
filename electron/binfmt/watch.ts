import { spawn } from 'node:child_process';
import type { FSWatcher } from 'node:fs';
import path from 'node:path';
import { watchedDirectories } from './boot/boot-reader.ts';
import { followDirectory, watchDirectory } from './follow-directory.ts';
import { interpreterDirectories, isEmulatorName } from './interpreters.ts';
import { BINFMT_MISC } from './reader.ts';

/** What can change behind our back. */
export type Change = 'entries' | 'mounts' | 'interpreters' | 'boot';

/**
 * Reports changes made by anyone, by inotify and, for mounts, by findmnt(8) waiting in poll(2): nothing here
 * runs while nothing changes.
 */
export class SystemWatcher {
  private entries: FSWatcher | null = null;
  private readonly directories = new Map<string, FSWatcher>();
  private stops: readonly (() => void)[] = [];

  constructor(private readonly onChange: (change: Change) => void) {}

  start(): void {
    this.watchEntries();
    for (const directory of interpreterDirectories) this.watchDirectory(directory);
    this.stops = [
      ...watchedDirectories.map((directory) => followDirectory(directory, () => this.onChange('boot'))),
      watchMounts(() => {
        this.watchEntries();
        this.onChange('mounts');
      }),
    ];
  }

  stop(): void {
    this.entries?.close();
    for (const watcher of this.directories.values()) watcher.close();
    this.directories.clear();
    for (const stop of this.stops) stop();
  }

  /** Watches what is mounted there now: a watch stays with the file system it was set on. */
  watchEntries(): void {
    this.entries?.close();
    this.entries = watchDirectory(BINFMT_MISC, () => this.onChange('entries'));
  }

  /** Watches also the directories that these interpreters lie in. */
  watchInterpreters(paths: readonly string[]): void {
    for (const interpreter of paths) this.watchDirectory(path.dirname(interpreter));
  }

  private watchDirectory(directory: string): void {
    if (this.directories.has(directory)) return;
    const isOurs = (interpreterDirectories as readonly string[]).includes(directory);
    const watcher = watchDirectory(directory, (fileName) => {
      if (!isOurs || fileName === null || isEmulatorName(fileName)) this.onChange('interpreters');
    });
    if (watcher !== null) this.directories.set(directory, watcher);
  }
}

/**
 * Calls back whenever anything is mounted over the directory or unmounted from it: inotify does not tell. Where findmnt
 * or setpriv is missing, such changes show when the window is next looked at.
 */
function watchMounts(onMount: () => void): () => void {
  // setpriv ties findmnt's life to ours, however ours ends.
  const findmnt = ['findmnt', '--poll', '--noheadings', '--output', 'ACTION', BINFMT_MISC];
  const child = spawn('setpriv', ['--pdeathsig', 'KILL', ...findmnt], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  child.on('error', () => undefined);
  child.stdout.on('data', onMount);
  child.unref();
  return () => child.kill();
}
