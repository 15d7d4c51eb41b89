import { execFile, execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import type { System } from '../../electron/install/distribution/system.ts';

/**
 * A root directory to install into and throw away: what this machine has, in a file system of its own on top. It needs
 * the rights to mount, as the namespace of the kernel tests gives them.
 */
export interface ThrowawayRoot {
  readonly root: string;
  readonly system: System;
  /** Runs a command in it; throws when that fails. */
  readonly run: (...command: readonly string[]) => Promise<string>;
  readonly remove: () => void;
}

export function makeThrowawayRoot(directory: string): ThrowawayRoot {
  const mounted: string[] = [];
  const mount = (place: string, ...args: readonly string[]): void => {
    mkdirSync(place, { recursive: true });
    execFileSync('mount', [...args, place]);
    mounted.push(place);
  };
  const layers = path.join(directory, 'layers');
  const root = path.join(directory, 'root');
  mount(layers, '-t', 'tmpfs', 'tmpfs');
  mkdirSync(root);
  // Each for itself: in a user namespace the root directory, with what is mounted in it, cannot be covered.
  for (const name of ['usr', 'etc', 'var', 'bin', 'sbin', 'lib', 'lib32', 'lib64']) {
    const original = `/${name}`;
    const [upper, work] = [`${layers}/${name}.upper`, `${layers}/${name}.work`];
    if (!existsSync(original)) continue;
    if (lstatSync(original).isSymbolicLink()) symlinkSync(readlinkSync(original), path.join(root, name));
    else {
      for (const layer of [upper, work]) mkdirSync(layer);
      // userxattr: a user namespace may set no others, and without any no directory can be renamed.
      const options = `lowerdir=${original},upperdir=${upper},workdir=${work},userxattr`;
      mount(path.join(root, name), '-t', 'overlay', 'overlay', '-o', options);
    }
  }
  // Those of the machine belong to apt's own user, whom a user namespace does not know.
  for (const place of ['var/lib/apt/lists', 'var/cache/apt'])
    mount(path.join(root, place), '-t', 'tmpfs', 'tmpfs');
  for (const place of ['/proc', '/dev']) mount(path.join(root, place), '--rbind', place);
  // Where the script writes its log, and the window follows it: one place, and not the machine's.
  mount('/run', '-t', 'tmpfs', 'tmpfs');
  mount(path.join(root, 'run'), '--bind', '/run');
  // The temporary directory under the same name inside and outside; all of /tmp may hold what cannot be bound.
  const temporary = path.join(directory, 'tmp');
  mkdirSync(temporary);
  process.env.TMPDIR = temporary;
  mount(path.join(root, temporary), '--bind', temporary);
  mkdirSync(path.join(root, 'tmp'), { recursive: true });

  const run = async (...command: readonly string[]): Promise<string> => {
    const { ok, stdout, stderr } = await system.ask(command[0] ?? '', command.slice(1));
    if (!ok) throw new Error(stderr);
    return stdout;
  };
  const system: System = {
    machine: os.machine(),
    osRelease: () => readFileSync(path.join(root, 'etc/os-release'), 'utf8'),
    isThere: (place) => existsSync(path.join(root, place)),
    ask: (program, args) =>
      new Promise((resolve) => {
        execFile(
          'chroot',
          [root, program, ...args],
          { env: { ...process.env, LC_ALL: 'C' } },
          (error, stdout, stderr) => resolve({ ok: error === null, stdout, stderr }),
        ).stdin?.end();
      }),
  };
  const remove = (): void => {
    for (const place of mounted.reverse()) execFileSync('umount', ['--lazy', place]);
  };
  return { root, system, run, remove };
}

/** A server of files on this machine, as slow as it is told. */
export class PackageServer {
  private readonly server: Server;
  readonly files = new Map<string, Uint8Array>();
  bytesPerSecond = Number.POSITIVE_INFINITY;
  /** Called with the name of each file that is asked for and there. */
  onAsked: (name: string) => void = () => undefined;
  /** The names of the files that were sent to their end. */
  readonly sent = new Set<string>();

  constructor() {
    this.server = createServer((request, response) => {
      const name = decodeURIComponent(request.url ?? '').replace(/^\/(\.\/)?/, '');
      const content = this.files.get(name);
      if (content === undefined) {
        response.writeHead(404).end();
        return;
      }
      const from = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0);
      void this.send(response, content, from).then((isWhole) => isWhole && this.sent.add(name));
      this.onAsked(name);
    });
  }

  /** Listens on a port, any where it is 0; returns its address. */
  async start(port = 0): Promise<string> {
    await new Promise<void>((resolve) => this.server.listen(port, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  /** Returns whether somebody listened to the end. */
  private async send(response: ServerResponse, content: Uint8Array, start: number): Promise<boolean> {
    const size = content.length;
    response.writeHead(start === 0 ? 200 : 206, {
      'Content-Length': size - start,
      ...(start > 0 && { 'Content-Range': `bytes ${start}-${size - 1}/${size}` }),
    });
    if (this.bytesPerSecond === Number.POSITIVE_INFINITY) response.end(content.subarray(start));
    else {
      const step = Math.ceil(this.bytesPerSecond / 10);
      for (let from = start; from < size && !response.destroyed; from += step) {
        response.write(content.subarray(from, from + step));
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
      if (response.destroyed) return false;
      response.end();
    }
    return true;
  }
}

/** What a package is made of. */
export interface SmallPackage {
  readonly name: string;
  readonly version: string;
  /** What it says it takes. */
  readonly installedKiB?: number;
  /** Further lines of its control file. */
  readonly control?: string;
  readonly postinst?: string;
  readonly files: Readonly<Record<string, string | Uint8Array>>;
}

/** A .deb made by dpkg-deb. */
export function makeDeb(
  directory: string,
  { name, version, installedKiB = 1234, control = '', postinst, files }: SmallPackage,
): Buffer {
  const tree = path.join(directory, `${name}-${version}`);
  mkdirSync(path.join(tree, 'DEBIAN'), { recursive: true });
  for (const [file, content] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(tree, file)), { recursive: true });
    writeFileSync(path.join(tree, file), content, { mode: 0o755 });
  }
  const lines = [
    `Package: ${name}`,
    `Version: ${version}`,
    'Architecture: all',
    'Maintainer: x <x@example.org>',
    `Installed-Size: ${installedKiB}`,
    'Description: x',
  ];
  writeFileSync(path.join(tree, 'DEBIAN/control'), `${lines.join('\n')}\n${control}`);
  if (postinst !== undefined)
    writeFileSync(path.join(tree, 'DEBIAN/postinst'), `#!/bin/sh\n${postinst}\n`, { mode: 0o755 });
  const file = `${tree}.deb`;
  execFileSync('dpkg-deb', ['--build', '--root-owner-group', '-Znone', tree, file], { stdio: 'ignore' });
  const deb = readFileSync(file);
  rmSync(tree, { recursive: true });
  rmSync(file);
  return deb;
}

/** Makes the server's files an apt repository of these packages, and of no others. */
export function serveDebs(
  server: PackageServer,
  directory: string,
  debs: Readonly<Record<string, Uint8Array>>,
): void {
  server.files.clear();
  const stanzas = Object.entries(debs).map(([name, deb]) => {
    const file = path.join(directory, 'served.deb');
    writeFileSync(file, deb);
    const control = execFileSync('dpkg-deb', ['--field', file], { encoding: 'utf8' }).trimEnd();
    rmSync(file);
    server.files.set(name, deb);
    const digest = createHash('sha256').update(deb).digest('hex');
    return `${control}\nFilename: ./${name}\nSize: ${deb.length}\nSHA256: ${digest}\n`;
  });
  server.files.set('Packages', Buffer.from(stanzas.join('\n')));
}

/** Has apt in a root know this server and nothing else. */
export async function fetchFrom({ root, run }: ThrowawayRoot, address: string): Promise<void> {
  const sources = path.join(root, 'etc/apt/sources.list.d');
  for (const name of existsSync(sources) ? readdirSync(sources) : []) rmSync(path.join(sources, name));
  writeFileSync(path.join(root, 'etc/apt/sources.list'), `deb [trusted=yes] ${address}/ ./\n`);
  // In a user namespace there is nobody else to become.
  const options = [
    'APT::Sandbox::User "root";',
    'Acquire::http::Proxy "DIRECT";',
    'Acquire::Retries "0";',
    'Acquire::Languages "none";',
  ];
  writeFileSync(path.join(root, 'etc/apt/apt.conf.d/99throwaway'), `${options.join('\n')}\n`);
  await run(
    'sh',
    '-c',
    'rm -rf /var/lib/apt/lists/* /var/cache/apt/*.bin; apt-get clean; apt-get -qq update',
  );
}
