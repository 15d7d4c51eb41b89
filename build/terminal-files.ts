import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Plugin } from 'vite';
import { readSourceDateEpoch } from '../electron/images/source-date.ts';
import { completionScripts } from '../electron/terminal/completion/scripts.ts';
import { formatManual } from '../electron/terminal/manual.ts';
import { version } from '../package.json';

/** Where systems look for completions, below /usr/share. */
const completionPlaces: ReadonlyMap<string, string> = new Map([
  ['bash', 'bash-completion/completions/qemu-binfmt'],
  ['zsh', 'zsh/site-functions/_qemu-binfmt'],
  ['fish', 'fish/vendor_completions.d/qemu-binfmt.fish'],
]);

/** Writes the command's manual page and completions into a directory laid out as /usr/share is. */
export const terminalFiles = (directory: string): Plugin => ({
  name: 'terminal-files',
  async closeBundle() {
    const files = new Map([['man/man1/qemu-binfmt.1', formatManual(version, dateOfBuild())]]);
    for (const [shell, script] of completionScripts) files.set(completionPlaces.get(shell) ?? shell, script);
    for (const [file, text] of files) {
      const place = path.join(directory, file);
      await mkdir(path.dirname(place), { recursive: true });
      await writeFile(place, text);
    }
  },
});

/** As 2026-01-31. */
function dateOfBuild(): string {
  const epoch = readSourceDateEpoch(process.env);
  if (!epoch.ok) throw new Error(epoch.problem);
  const date = epoch.value === null ? new Date() : new Date(epoch.value * 1000);
  return date.toISOString().slice(0, 10);
}
