import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { decodeBytes } from '../../electron/binfmt/bytes.ts';
import { writeWhole } from '../../electron/write-whole.ts';

let directory = '';
beforeEach(() => {
  directory = mkdtempSync(path.join(tmpdir(), 'qemu-binfmt-manager-test-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

const write = (name: string, text: string, changes: { isExecutable?: boolean; mayReplace?: boolean } = {}) =>
  writeWhole({ path: `${directory}/${name}`, text, isExecutable: false, mayReplace: false, ...changes });

describe('a file', () => {
  test('is written with its bytes, and leaves nothing else behind', async () => {
    const name = decodeBytes(Buffer.from([0x61, 0xff, 0x20, 0x24]));
    expect(await write(name, 'ä\udcfe\n')).toEqual({ ok: true, value: null });
    const [only, ...others] = readdirSync(directory, { encoding: 'buffer' });
    expect(others).toEqual([]);
    expect(only).toEqual(Buffer.from([0x61, 0xff, 0x20, 0x24]));
    const written = Buffer.concat([Buffer.from(`${directory}/`), only ?? Buffer.alloc(0)]);
    expect(readFileSync(written)).toEqual(Buffer.from([0xc3, 0xa4, 0xfe, 0x0a]));
    expect(statSync(written).mode & 0o111).toBe(0);
  });

  test('that is a program may be executed', async () => {
    await write('script', '#!/bin/sh\n', { isExecutable: true });
    expect(statSync(path.join(directory, 'script')).mode & 0o100).toBe(0o100);
  });

  test('is replaced only where that is wanted', async () => {
    writeFileSync(path.join(directory, 'a'), 'old');
    expect(await write('a', 'new')).toEqual({ ok: false, problem: 'file already exists' });
    expect(readFileSync(path.join(directory, 'a'), 'utf8')).toBe('old');
    expect(await write('a', 'new', { mayReplace: true })).toEqual({ ok: true, value: null });
    expect(readFileSync(path.join(directory, 'a'), 'utf8')).toBe('new');
    expect(readdirSync(directory)).toEqual(['a']);
  });

  test('does not take the place of a link that leads nowhere', async () => {
    symlinkSync('nowhere', path.join(directory, 'link'));
    expect(await write('link', 'new')).toEqual({ ok: false, problem: 'file already exists' });
    expect(readdirSync(directory)).toEqual(['link']);
  });

  test.each([
    ['missing/a', 'no such file or directory'],
    ['x'.repeat(256), 'name too long'],
    ['there', 'illegal operation on a directory'],
  ])('that cannot be %s is a problem in words, and leaves nothing behind', async (name, problem) => {
    mkdirSync(path.join(directory, 'there'));
    expect(await write(name, 'text', { mayReplace: true })).toEqual({ ok: false, problem });
    expect(readdirSync(directory)).toEqual(['there']);
  });
});
