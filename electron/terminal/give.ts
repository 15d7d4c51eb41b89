import path from 'node:path';
import { failure, type Result, success } from '../binfmt/result.ts';
import type { Snapshot } from '../binfmt/snapshot.ts';
import { emulatorNameOf } from '../binfmt/targets.ts';
import { type BuildWish, type Built, prepareBuild } from '../giving/builder.ts';
import { readImageChoices } from '../giving/choices.ts';
import { commandToInstall } from './commands-for.ts';
import { complainOf } from './selection.ts';
import { readSystem } from './system.ts';
import type { Terminal } from './terminal.ts';
import { type Call, DONE, type ExitStatus, FAILED, MISUSED } from './verb.ts';
import { targetsCalled } from './words.ts';

/** Makes tarballs or images of the emulators that the words name, and says what was made and how to use it. */
export async function buildAndTell(
  { words, options, terminal }: Call,
  place: string,
  wishFor: (emulators: readonly string[]) => BuildWish,
  needsEmulators = true,
): Promise<ExitStatus> {
  const snapshot = await readSystem();
  const emulators = needsEmulators ? await emulatorsCalled(words, snapshot, terminal) : success([]);
  if (!emulators.ok) return emulators.problem;
  const prepared = await prepareBuild(wishFor(emulators.value), path.resolve(place), snapshot);
  if (!prepared.ok) {
    terminal.complain(prepared.problem);
    return FAILED;
  }
  const built = await interruptible((signal) =>
    prepared.value.run(({ name, doneBytes, totalBytes }) => {
      terminal.progress(`${Math.floor((100 * doneBytes) / totalBytes)} % ${name}`);
    }, signal),
  );
  terminal.progress(null);
  if (!built.ok) {
    terminal.complain(built.problem);
    return FAILED;
  }
  if (options.json !== undefined) terminal.print(`${JSON.stringify(built.value, null, 2)}\n`);
  else tell(built.value, terminal);
  return DONE;
}

/** Does a work that a signal stops, and lets it remove what it has begun. */
export async function interruptible<Value>(work: (signal: AbortSignal) => Promise<Value>): Promise<Value> {
  const stop = new AbortController();
  const abort = (): void => stop.abort();
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  for (const signal of signals) process.on(signal, abort);
  try {
    return await work(stop.signal);
  } finally {
    for (const signal of signals) process.off(signal, abort);
  }
}

/** The names of emulators: all that can be used where no words or `all` name them. */
async function emulatorsCalled(
  words: readonly string[],
  snapshot: Snapshot,
  terminal: Terminal,
): Promise<Result<readonly string[], ExitStatus>> {
  const named = targetsCalled(words);
  if (complainOf(named, terminal) !== DONE) return failure(MISUSED);
  if (named.found.length > 0 && !named.isAll) return success(named.found.map(emulatorNameOf));
  const { emulators } = await readImageChoices(snapshot);
  const usable = emulators.filter(({ problem }) => problem === null).map(({ name }) => name);
  if (usable.length > 0) return success(usable);
  terminal.complain(
    `There is no static emulator on this machine. This installs them: ${commandToInstall(terminal)}`,
  );
  return failure(FAILED);
}

function tell({ path: place, images, tarballs, commands }: Built, terminal: Terminal): void {
  for (const { tags, digest } of images) for (const tag of tags) terminal.say(`${tag} ${digest}`);
  for (const name of tarballs) terminal.say(name);
  const count = images.length || tarballs.length;
  const what = images.length > 0 ? 'image' : 'tarball';
  terminal.say(`Built ${count} ${what}${count === 1 ? '' : 's'} in ${place}.`);
  for (const { does, command } of commands) {
    terminal.say(`# ${does}:`);
    terminal.say(command);
  }
}
