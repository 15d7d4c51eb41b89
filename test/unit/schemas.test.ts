import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import { invocationNames } from '../../electron/ipc/contract.ts';
import { argumentSchemas } from '../../electron/ipc/schemas.ts';

const acceptsChange = (...args: readonly unknown[]): boolean => v.is(argumentSchemas.change, args);

const validRequests = [
  { kind: 'switch-target', target: 'aarch64', on: true },
  { kind: 'switch-entry', name: '$(reboot)\n\udcff', on: false },
  { kind: 'register', targets: ['aarch64', 'arm'] },
  { kind: 'unregister', names: ['jar'] },
  { kind: 'reset', names: ['qemu-arm'] },
  { kind: 'switch-master', on: true },
  { kind: 'mount' },
  { kind: 'undo', change: 1 },
];

describe('the arguments of a change', () => {
  test.each(validRequests)('are taken when they are $kind', (request) => {
    expect(acceptsChange(request)).toBe(true);
  });

  test.each(validRequests)('are refused when $kind carries something more', (request) => {
    expect(acceptsChange({ ...request, line: ':x:M::a::/i:' })).toBe(false);
    expect(acceptsChange(request, 'another argument')).toBe(false);
    expect(acceptsChange([request])).toBe(false);
  });

  test.each(validRequests.filter((request) => Object.keys(request).length > 1))(
    'are refused when $kind lacks something, or has it of another type',
    (request) => {
      for (const key of Object.keys(request)) {
        const { [key as keyof typeof request]: _left, ...rest } = request;
        expect(acceptsChange(rest), `without ${key}`).toBe(false);
        for (const wrong of [null, 42.5, {}, [], [1], 'x'.repeat(256)]) {
          expect(acceptsChange({ ...request, [key]: wrong }), `${key}: ${JSON.stringify(wrong)}`).toBe(false);
        }
      }
    },
  );

  test.each([
    ['no argument', []],
    ['null', [null]],
    ['a word', ['reset']],
    ['an unknown kind', [{ kind: 'run', command: 'reboot' }]],
    ['a kind that every object has', [{ kind: 'constructor' }]],
    ['an empty name', [{ kind: 'switch-entry', name: '', on: true }]],
    ['a name longer than the kernel’s', [{ kind: 'unregister', names: ['n'.repeat(256)] }]],
    ['no names', [{ kind: 'reset', names: [] }]],
    ['more names than there can be', [{ kind: 'reset', names: Array<string>(10_001).fill('qemu-x') }]],
    ['change 0', [{ kind: 'undo', change: 0 }]],
    ['half a change', [{ kind: 'undo', change: 1.5 }]],
    ['an endless change', [{ kind: 'undo', change: Number.POSITIVE_INFINITY }]],
  ])('are refused when they are %s', (_what, args) => {
    expect(acceptsChange(...args)).toBe(false);
  });

  test('bring nothing in through a prototype', () => {
    const smuggled: unknown = JSON.parse('{"kind":"mount","__proto__":{"on":true}}');
    expect(acceptsChange(smuggled)).toBe(false);
    const inherited: unknown = Object.assign(Object.create({ polluted: true }), { kind: 'mount' });
    expect(acceptsChange(inherited)).toBe(false);
  });
});

describe('the other channels', () => {
  test('all have a schema, and no other channel has', () => {
    expect(Object.keys(argumentSchemas).sort()).toEqual([...invocationNames].sort());
  });

  test('without arguments take none', () => {
    const { overview, openLog, cancelPrompt, pastChanges } = argumentSchemas;
    for (const schema of [overview, openLog, cancelPrompt, pastChanges]) {
      expect(v.is(schema, [])).toBe(true);
      expect(v.is(schema, ['/etc/passwd'])).toBe(false);
    }
  });

  test('preview what they would carry out, and nothing else', () => {
    expect(v.is(argumentSchemas.preview, [{ kind: 'mount' }])).toBe(true);
    expect(v.is(argumentSchemas.preview, [{ kind: 'mount', line: 'x' }])).toBe(false);
    expect(v.is(argumentSchemas.preview, [])).toBe(false);
  });

  test('copy a text, and not one without end', () => {
    expect(v.is(argumentSchemas.copyText, ['text'])).toBe(true);
    for (const args of [[], [1], [null], ['a', 'b'], ['x'.repeat(100_001)]]) {
      expect(v.is(argumentSchemas.copyText, args)).toBe(false);
    }
  });
});
