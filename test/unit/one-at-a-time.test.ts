import { expect, test } from 'vitest';
import { oneAtATime } from '../../renderer/one-at-a-time.ts';

test('what is asked for while work is under way is done once more, when it has ended', async () => {
  const ends: (() => void)[] = [];
  const work = oneAtATime(() => new Promise((end) => ends.push(end)));
  const first = work();
  const second = work();
  const third = work();
  expect(ends).toHaveLength(1);
  ends[0]?.();
  await expect.poll(() => ends.length).toBe(2);
  ends[1]?.();
  await Promise.all([first, second, third]);
  expect(ends).toHaveLength(2);
  void work();
  expect(ends).toHaveLength(3);
});

test('work that failed does not keep the next from being done', async () => {
  let times = 0;
  const work = oneAtATime(() => {
    times += 1;
    return times === 1 ? Promise.reject(new Error('once')) : Promise.resolve();
  });
  await expect(work()).rejects.toThrow('once');
  await work();
  expect(times).toBe(2);
});
