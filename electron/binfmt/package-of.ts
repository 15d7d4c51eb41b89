import { execFile } from 'node:child_process';

/** Longer than package databases take; a person should not wait for a name. */
const PATIENCE_MS = 2000;

/** Ways to ask which package a file belongs to, and how to read the answer. */
const databases: readonly {
  readonly command: string;
  readonly args: (path: string) => readonly string[];
  readonly nameIn: (answer: string) => string | undefined;
}[] = [
  {
    command: 'dpkg-query',
    args: (path) => ['--search', path],
    // `qemu-user-static: /usr/bin/qemu-arm-static`, with the architecture behind the name of some.
    nameIn: (answer) => /^([a-z0-9][a-z0-9+.-]*)(?::[a-z0-9]+)?: \//m.exec(answer)?.[1],
  },
  {
    command: 'rpm',
    args: (path) => ['--query', '--queryformat', '%{NAME}\n', '--file', path],
    nameIn: (answer) => /^([A-Za-z0-9][A-Za-z0-9+._-]*)$/m.exec(answer)?.[1],
  },
];

/** The distribution's package that a file belongs to, as dpkg or rpm knows it; null when neither does. */
export async function packageOf(path: string): Promise<string | null> {
  // dpkg-query takes these for patterns; no distribution's emulator is called so.
  if (/[*?[\]\\]/.test(path) || !path.startsWith('/')) return null;
  for (const { command, args, nameIn } of databases) {
    const name = nameIn(await ask(command, args(path)));
    if (name !== undefined) return name;
  }
  return null;
}

const ask = (command: string, args: readonly string[]): Promise<string> =>
  new Promise((resolve) => {
    const options = { timeout: PATIENCE_MS, env: { ...process.env, LC_ALL: 'C' } };
    // Not installed, or not of any package: both have nothing to say on standard output.
    execFile(command, args, options, (_error, stdout) => resolve(stdout));
  });
