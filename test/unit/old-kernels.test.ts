import { expect, test } from 'vitest';
import { Interpreters } from '../../electron/binfmt/interpreters.ts';
import { problemOfPlan } from '../../electron/binfmt/operations.ts';
import { checkFormat } from '../../electron/format-check.ts';
import { exampleHost, exampleSnapshot, registrationOfTarget } from '../support/example-data.ts';

/** Entries that end at that byte of a file, on that kernel. */
const onKernel = (kernelRelease: string) => exampleSnapshot({ host: { ...exampleHost, kernelRelease } });
const endingAt = (end: number) =>
  registrationOfTarget('arm', { name: 'far', offset: end - 2, magic: 'f0f1', mask: null });

const TOO_FAR = 'Linux 4.19.0-27 looks at the first 128 bytes of a file only; from 5.1 on it is 256.';

test.each([
  ['4.19.0-27', 128, null],
  ['4.19.0-27', 129, TOO_FAR],
  ['5.0.21', 129, TOO_FAR.replace('4.19.0-27', '5.0.21')],
  ['5.1.0', 256, null],
  ['6.18.0', 256, null],
])('on Linux %s what ends at byte %i of a file is judged by that kernel', async (release, end, problem) => {
  const snapshot = onKernel(release);
  const registration = endingAt(end);
  const sentence = problem === null ? null : `far cannot be registered. ${problem}`;
  expect(problemOfPlan([{ kind: 'register', registration }], snapshot)).toBe(sentence);

  const fields = {
    name: 'far',
    type: 'magic',
    offset: String(end - 2),
    magic: 'f0f1',
    mask: '',
    extension: '',
    interpreter: '/bin/true',
    flags: '',
  } as const;
  const interpreters = new Interpreters({ get: () => null, set: () => undefined }, () => undefined);
  const check = await checkFormat(fields, snapshot, interpreters);
  expect(check.problems).toEqual(problem === null ? [] : [{ field: 'offset', sentence: problem }]);
  expect(check.registration === null).toBe(problem !== null);
});
