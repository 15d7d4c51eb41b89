import path from 'node:path';
import { type Interpreters, interpreterDirectories } from '../binfmt/interpreters.ts';
import {
  defaultRegisterOptions,
  type InterpreterChoice,
  interpreterPathOf,
  problemOfOptions,
} from '../binfmt/register-options.ts';
import type { RegisterRequest } from '../binfmt/register-request.ts';
import { failure, type Result, success } from '../binfmt/result.ts';
import { isFree, type Row, resettableEntries, type Snapshot } from '../binfmt/snapshot.ts';
import { type Target, targetNamed, targets } from '../binfmt/targets.ts';
import type { GivenOptions } from './options.ts';

/** How targets are to be registered, whichever they are. */
export type RegisterWish = Omit<RegisterRequest, 'targets'> & Required<Pick<RegisterRequest, 'options'>>;

/** The wish that options express, or a sentence saying why they make no sense. */
export async function readWish(
  given: GivenOptions,
  named: readonly Target[],
  interpreters: Interpreters,
): Promise<Result<RegisterWish, string>> {
  if (given.keep !== undefined && given.replace !== undefined) {
    return failure(
      'What is registered already can be kept or replaced, not both: leave out --keep or --replace.',
    );
  }
  const byName = given['qemu-path'] !== undefined || given['qemu-suffix'] !== undefined;
  if (given.interpreter !== undefined && byName) {
    return failure('--interpreter names the file itself: leave out --qemu-path and --qemu-suffix.');
  }
  const options = {
    interpreter: await chooseInterpreter(given, interpreters),
    persistent: isYes(given.persistent) ?? defaultRegisterOptions.persistent,
    credentials: isYes(given.credential) ?? defaultRegisterOptions.credentials,
    preserveArgv0: isYes(given['preserve-argv0']) ?? defaultRegisterOptions.preserveArgv0,
  };
  const problem = problemOfOptions(options, named);
  if (problem !== null) return failure(problem);
  return success({
    kind: 'register',
    options,
    ownFamily: isYes(given['ignore-family']) ?? false,
    reset: given.reset !== undefined,
    ...(given.keep === undefined ? {} : { existing: 'keep' }),
    ...(given.replace === undefined ? {} : { existing: 'replace' }),
  });
}

/** What `all` stands for: the targets whose emulator is there, and that nobody has registered or that are to be replaced. */
export async function targetsFor(
  wish: RegisterWish,
  snapshot: Snapshot,
  interpreters: Interpreters,
): Promise<readonly Target[]> {
  const chosen = await Promise.all(
    snapshot.targets.map(async (row) => {
      const target = row.isTarget ? targetNamed(row.name) : undefined;
      if (target === undefined || !isWanted(target, row, wish, snapshot)) return [];
      const file = interpreterPathOf(target, wish.options, row.installed?.path ?? null);
      const isThere = file !== null && (await interpreters.inspect(file)).file === 'executable';
      return isThere ? [target] : [];
    }),
  );
  return chosen.flat();
}

function isWanted(target: Target, row: Row, wish: RegisterWish, snapshot: Snapshot): boolean {
  if (target.family === snapshot.host.family && wish.ownFamily !== true) return false;
  return wish.existing === 'replace' || isFreeFor(wish, row, snapshot);
}

/** Whether a target is free when it is registered. */
export const isFreeFor = ({ reset }: RegisterWish, row: Row, snapshot: Snapshot): boolean =>
  isFree(row, snapshot, reset === true ? resettableEntries(snapshot) : []);

async function chooseInterpreter(
  given: GivenOptions,
  interpreters: Interpreters,
): Promise<InterpreterChoice> {
  const { 'qemu-path': directory, 'qemu-suffix': suffix, interpreter } = given;
  if (typeof interpreter === 'string') return { kind: 'file', path: absolute(interpreter) };
  if (typeof directory === 'string') {
    return {
      kind: 'directory',
      directory: absolute(directory),
      suffix: typeof suffix === 'string' ? suffix : '',
    };
  }
  if (typeof suffix !== 'string') return { kind: 'found' };
  return { kind: 'directory', directory: await directoryWith(suffix, interpreters), suffix };
}

/** The first of the usual directories with an emulator of that suffix; where there is none, qemu-binfmt-conf.sh's default. */
async function directoryWith(suffix: string, interpreters: Interpreters): Promise<string> {
  for (const directory of interpreterDirectories) {
    const choice = {
      ...defaultRegisterOptions,
      interpreter: { kind: 'directory', directory, suffix },
    } as const;
    const found = await Promise.all(
      targets.map((target) => interpreters.inspect(interpreterPathOf(target, choice, null) ?? '')),
    );
    if (found.some(({ file }) => file === 'executable')) return directory;
  }
  return '/usr/local/bin';
}

/** A path is one of root's, too, who starts from another directory. */
const absolute = (file: string): string => (file.startsWith('/') ? file : path.resolve(file));

const isYes = (value: string | true | undefined): boolean | undefined =>
  value === undefined ? undefined : value === 'yes';
