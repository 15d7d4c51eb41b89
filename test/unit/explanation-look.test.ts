import { expect, test } from 'vitest';
import { lookOf } from '../../renderer/explain/explanation-look.ts';

test('an explanation asks why the file runs, why it does not, or where nobody can tell neither', () => {
  const under = { interpreter: '/usr/bin/qemu-arm', entry: 'qemu-arm' };
  const runs = [{ kind: 'runs-natively' }, { kind: 'runs-under', ...under }] as const;
  for (const outcome of runs) expect(lookOf({ outcome }).question).toBe('Why does this file run?');
  const doesNotRun = [
    { kind: 'stops-under', ...under, missingLoader: '/lib/ld-linux.so.3' },
    { kind: 'fails', errno: 'ENOEXEC', entry: null },
  ] as const;
  for (const outcome of doesNotRun) expect(lookOf({ outcome }).question).toBe('Why does this file not run?');

  const look = lookOf({
    outcome: { kind: 'unknown', reason: 'you may execute it, but not read it', errnoIfSame: null },
  });
  expect(look.question).toBe('Why does this file run or not?');
  expect(look.iconClass).not.toBe('state-bad');
});
