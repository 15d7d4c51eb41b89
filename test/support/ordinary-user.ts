import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, copyFileSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { type ElectronApplication, _electron as electron } from '@playwright/test';
import { Program } from './program.ts';

const { TEST_USER = '', TEST_PASSWORD = '', TEST_HOME = '' } = process.env;

/** The ordinary user that build/setup/elevated/ has made for these tests. */
export const user = {
  name: TEST_USER,
  password: TEST_PASSWORD,
  home: TEST_HOME,
  uid: readId('-u'),
  gid: readId('-g'),
} as const;

const repository = path.resolve(import.meta.dirname, '../..');

export interface StartOptions {
  readonly noNewPrivileges?: boolean;
  /** Variables on top of what a desktop gives. */
  readonly environment?: Readonly<Record<string, string>>;
}

/** Starts the program as a person's desktop does: as an ordinary user, with Chromium's sandbox. */
export async function startAsOrdinaryUser(userData: string, options: StartOptions = {}): Promise<Program> {
  admitToDisplay();
  return Program.of(await launch(userData, options));
}

/** A directory of theirs that is not there yet. */
export function newUserDirectory(name: string): string {
  const directory = path.join(user.home, name);
  mkdirSync(directory, { mode: 0o700 });
  chownSync(directory, user.uid, user.gid);
  return directory;
}

/** Ends the program as the kernel does when memory runs out: without a chance to tidy up. */
export async function killProgram({ app }: Program): Promise<void> {
  const ended = once(app.process(), 'exit');
  app.process().kill('SIGKILL');
  await ended;
}

function launch(
  userData: string,
  { noNewPrivileges = false, environment: own = {} }: StartOptions,
): Promise<ElectronApplication> {
  const variables = Object.entries(own).map(([name, value]) => `${name}=${value}`);
  return electron.launch({
    executablePath: path.join(import.meta.dirname, 'ordinary-user.sh'),
    args: [
      ...['-r', path.join(import.meta.dirname, 'wait-for-playwright.cjs')],
      ...[repository, `--user-data-dir=${userData}`],
    ],
    // Playwright would add --no-sandbox.
    chromiumSandbox: true,
    env: {
      ...environment(),
      USER_VARIABLES: variables.join('\n'),
      ...(noNewPrivileges ? { NO_NEW_PRIVS: '1' } : {}),
    },
  });
}

const environment = (): Record<string, string> =>
  Object.fromEntries(
    Object.entries(process.env).filter((pair): pair is [string, string] => pair[1] !== undefined),
  );

/** Gives them the display's key, which is root's. */
export function admitToDisplay(): void {
  const { XAUTHORITY } = process.env;
  if (XAUTHORITY === undefined) return;
  const own = path.join(user.home, '.Xauthority');
  copyFileSync(XAUTHORITY, own);
  chownSync(own, user.uid, user.gid);
}

/** -1 where these tests run without having been given a user. */
function readId(option: '-u' | '-g'): number {
  return TEST_USER === '' ? -1 : Number(execFileSync('id', [option, TEST_USER]));
}
