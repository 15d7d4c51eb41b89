import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { npmCommand } from '../../../build/setup/programs.mjs';

const repository = path.resolve(import.meta.dirname, '../../..');

interface Lock {
  readonly packages: Readonly<Record<string, { readonly dev?: boolean }>>;
}

interface Audit {
  readonly vulnerabilities?: Readonly<Record<string, { readonly nodes: readonly string[] }>>;
  /** In place of an audit. */
  readonly message?: string;
}

it('npm’s audit finds nothing in what ships', ({ skip }) => {
  const [npm = '', ...words] = npmCommand();
  const { stdout } = spawnSync(npm, [...words, 'audit', '--json'], { cwd: repository, encoding: 'utf8' });
  const { vulnerabilities, message } = JSON.parse(stdout) as Audit;
  if (vulnerabilities === undefined) {
    const sentence = `npm audit is not tried: this registry does not answer it (${message}).`;
    console.log(sentence);
    skip(sentence);
    return;
  }
  const { packages } = JSON.parse(readFileSync(path.join(repository, 'package-lock.json'), 'utf8')) as Lock;
  const ships = (node: string): boolean => packages[node]?.dev !== true || node === 'node_modules/electron';
  const found = Object.entries(vulnerabilities).filter(([, { nodes }]) => nodes.some(ships));
  expect(found.map(([name]) => name)).toEqual([]);
});
