import { chmodSync, rmSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import type { Operation } from '../../electron/binfmt/operations.ts';
import { explainFailure } from '../../electron/elevation/explain-failure.ts';
import { carryOut, readEntries, registeringOdd } from '../support/carry-out.ts';
import { temporaryDirectory, writeInterpreter } from '../support/interpreters.ts';
import { coverBinfmtMisc, uncoverBinfmtMisc } from '../support/mounts.ts';
import { readSnapshot } from '../support/read-snapshot.ts';
import { BINFMT_MISC, clearRegistry, register } from '../support/registry.ts';

const { directory, remove } = temporaryDirectory();

beforeEach(clearRegistry);
afterAll(() => {
  clearRegistry();
  remove();
});

/** The sentence that a person gets to read for the one operation that failed. */
async function explanationOf(operation: Operation): Promise<string> {
  const entries = readEntries();
  const [outcome] = await carryOut([operation], entries);
  if (outcome?.status !== 'failed') throw new Error(`It ended as ${outcome?.status}.`);
  return explainFailure(operation, outcome.message, await readSnapshot());
}

describe('what the kernel says', () => {
  test('of a name that is taken names who has it', async () => {
    register(':x:E::x::/bin/false:');
    expect(await explanationOf(registeringOdd('x'))).toBe(
      'The name x is taken by an entry registered with /bin/false. Unregister that one first.',
    );
  });

  test('of a flag that it does not know names the flags', async () => {
    expect(await explanationOf(registeringOdd('x', { flags: 'FZ' }))).toMatch(
      /^The kernel does not accept the register line of x\. It may be too old for one of the flags FZ/,
    );
  });

  test('of an interpreter that is missing names it', async () => {
    expect(await explanationOf(registeringOdd('x', { interpreter: `${directory}/none`, flags: 'F' }))).toBe(
      `x was not registered: its interpreter ${directory}/none is not there. Install it and try again.`,
    );
  });

  test('of an interpreter that is not executable names it', async () => {
    const interpreter = writeInterpreter(path.join(directory, 'plain'));
    chmodSync(interpreter, 0o644);
    expect(await explanationOf(registeringOdd('x', { interpreter, flags: 'F' }))).toBe(
      `x was not registered: its interpreter ${interpreter} is not executable. Make it executable and try again.`,
    );
    rmSync(interpreter);
  });

  test('of an entry that is gone says so', async () => {
    expect(await explanationOf({ kind: 'unregister', name: 'gone' })).toBe(
      'gone is gone: somebody else removed it.',
    );
  });

  test('of what is not mounted says how to go on', async () => {
    coverBinfmtMisc();
    try {
      expect(await explanationOf(registeringOdd('x'))).toBe(
        `Nothing was written: ${BINFMT_MISC} is not a mounted binfmt_misc file system. Mount it first.`,
      );
    } finally {
      uncoverBinfmtMisc();
    }
  });
});
