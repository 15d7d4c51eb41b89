import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { dist } from '../../../build/dist/dist.mjs';
import { packageOfFormat } from '../../support/packages.ts';

const repository = path.resolve(import.meta.dirname, '../../..');
let elsewhere = '';

afterEach(() => rmSync(elsewhere, { recursive: true, force: true }));

it('the same source makes the same bytes, in another directory and at another time', async () => {
  elsewhere = mkdtempSync(path.join(tmpdir(), 'qemu-binfmt-manager-again-'));
  const again = await dist(repository, ['deb', 'tar.gz'], elsewhere);
  expect(again.map(digest)).toEqual([digest(packageOfFormat('deb')), digest(packageOfFormat('tar.gz'))]);
}, 300_000);

const digest = (file: string): string => createHash('sha256').update(readFileSync(file)).digest('hex');
