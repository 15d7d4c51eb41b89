import { randomBytes } from 'node:crypto';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import type { DesiredEntry } from '../../electron/binfmt/exchange/desired-entry.ts';
import { newManager } from '../support/manage.ts';
import { clearRegistry, listEntries, readRegistry } from '../support/registry.ts';

beforeEach(clearRegistry);
afterAll(clearRegistry);

/** So many formats that take no program of any machine. */
const formats = (
  count: number,
  flags: string,
  magic = (): string => 'f0'.repeat(20),
): readonly DesiredEntry[] =>
  Array.from({ length: count }, (_, index) => ({
    registration: {
      kind: 'magic',
      name: `format-${index}`,
      offset: 0,
      magic: `${magic()}${index.toString(16).padStart(4, '0')}`,
      mask: null,
      interpreter: '/usr/bin/true',
      flags,
    },
    enabled: true,
  }));
const bringing = (entries: readonly DesiredEntry[]) =>
  ({ kind: 'bring', entries, removeOthers: false }) as const;

describe('a file of hundreds of entries', () => {
  test('is imported, replaced by another and taken back, each at once', async () => {
    const manager = newManager();
    expect(await manager.change(bringing(formats(300, '')))).toMatchObject({ kind: 'done' });
    expect(listEntries()).toHaveLength(300);
    const before = readRegistry();

    const replacing = bringing(formats(300, 'P'));
    expect((await manager.preview(replacing)).script.length).toBeGreaterThan(131_072);
    const replaced = await manager.change(replacing);
    expect(replaced).toMatchObject({ kind: 'done', message: 'Changed 300 registrations' });
    expect(readRegistry().every(([, text]) => text?.includes('\nflags: P\n'))).toBe(true);

    expect(await manager.change({ kind: 'undo', change: replaced.undo ?? 0 })).toMatchObject({
      kind: 'done',
      details: [],
    });
    expect(readRegistry()).toEqual(before);
  });

  test('is refused where it is more than fits, in the preview as well', async () => {
    const manager = newManager();
    const request = bringing(formats(500, '', () => randomBytes(250).toString('hex')));
    const problem = 'That is more than can be changed at once. Do it in parts.';
    expect(await manager.preview(request)).toMatchObject({ problem });
    expect(await manager.change(request)).toMatchObject({ kind: 'failed', message: problem });
    expect(listEntries()).toEqual([]);
  });

  test('waits for its turn where there is no room for it beside others, and has it', async () => {
    const manager = newManager();
    const part = (name: string) =>
      bringing(
        formats(250, '', () => randomBytes(250).toString('hex')).map((one) => ({
          ...one,
          registration: { ...one.registration, name: `${name}-${one.registration.name}` },
        })),
      );
    const results = await Promise.all(['one', 'two'].map((name) => manager.change(part(name))));
    expect(results.map(({ kind }) => kind)).toEqual(['done', 'done']);
    expect(listEntries()).toHaveLength(500);
  });
});
