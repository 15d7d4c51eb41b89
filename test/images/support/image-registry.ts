import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

/** Debian's docker-registry, on this machine's own loopback. */
export interface ImageRegistry {
  readonly address: string;
  /** What it was asked since the last look: `PUT /v2/a/manifests/latest 201`. */
  readonly requests: () => readonly string[];
  readonly stop: () => Promise<void>;
}

/** The one account of a registry that asks for a login. The hash is bcrypt's of the password. */
export const account = {
  user: 'tester',
  password: 'let me in please',
  hash: '$2y$05$abcdefghijklmnopqrstuuW8HP7G.rAGDk8MCpw.LVn.nBDMm5wzO',
} as const;

/** Starts a registry that keeps what it gets in `directory`. */
export async function startRegistry(
  directory: string,
  port: number,
  options: { readonly login?: boolean; readonly storage?: string } = {},
): Promise<ImageRegistry> {
  const logFile = path.join(directory, `${port}.log`);
  const passwords = path.join(directory, `${port}.htpasswd`);
  writeFileSync(passwords, `${account.user}:${account.hash}\n`);
  const configuration = path.join(directory, `${port}.json`);
  const address = `127.0.0.1:${port}`;
  // Its configuration is YAML, of which JSON is a part.
  writeFileSync(
    configuration,
    JSON.stringify({
      version: 0.1,
      storage: { filesystem: { rootdirectory: options.storage ?? path.join(directory, `${port}`) } },
      http: { addr: address },
      ...(options.login === true ? { auth: { htpasswd: { realm: 'test', path: passwords } } } : {}),
    }),
  );
  const log = openSync(logFile, 'w');
  const server = spawn('docker-registry', ['serve', configuration], { stdio: ['ignore', log, log] });
  closeSync(log);
  await untilListening(port, server, logFile);

  let seen = 0;
  return {
    address,
    requests: () => {
      const all = [...readFileSync(logFile, 'utf8').matchAll(/"([A-Z]+ \/[^ "?]*)[^"]*" (\d{3}) /g)].map(
        ([, request, status]) => `${request} ${status}`,
      );
      const unseen = all.slice(seen);
      seen = all.length;
      return unseen;
    },
    stop: async () => {
      if (server.exitCode !== null || server.signalCode !== null) return;
      const ended = once(server, 'exit');
      server.kill();
      await ended;
    },
  };
}

async function untilListening(port: number, server: ChildProcess, logFile: string): Promise<void> {
  const patience = Date.now() + 10_000;
  while (!(await listens(port))) {
    if (server.exitCode !== null || Date.now() > patience) {
      throw new Error(`docker-registry does not start:\n${readFileSync(logFile, 'utf8')}`);
    }
    await wait(20);
  }
}

const listens = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
