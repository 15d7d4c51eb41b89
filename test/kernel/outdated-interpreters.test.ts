import { spawnSync } from 'node:child_process';
import { copyFileSync, lstatSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { temporaryDirectory } from '../support/interpreters.ts';
import { newManager } from '../support/manage.ts';
import { clearAllBootFiles, coverBoot, writeVendorFile } from '../support/private-boot.ts';
import { BINFMT_MISC, clearRegistry, register, writeToEntry } from '../support/registry.ts';

const { directory, remove } = temporaryDirectory();
const interpreter = path.join(directory, 'interpreter');
const program = path.join(directory, 'program.odd');
const LINE = `:odd:E::odd::${interpreter}:F`;
const NOTHING = 'Everything is registered like this already.';
let uncover: () => void;

beforeAll(() => {
  uncover = coverBoot();
  writeFileSync(program, '', { mode: 0o755 });
});
beforeEach(() => {
  clearRegistry();
  // A test may have put a link there, which copying would follow.
  rmSync(interpreter, { force: true });
  copyFileSync('/bin/false', interpreter);
  register(LINE);
  writeVendorFile('odd.conf', `${LINE}\n`);
});
afterEach(clearAllBootFiles);
afterAll(() => {
  clearRegistry();
  uncover();
  remove();
});

/** What the interpreter that the kernel runs for the program answers: 0 of true, 1 of false. */
const answer = (): number | null => spawnSync(program).status;
const applying = { kind: 'apply-boot', removeOthers: true } as const;

/** Puts something else where the interpreter was, as a package does; the kernel's clock has gone on since it was registered. */
function replaceInterpreter(put: (place: string) => void): void {
  const registered = statSync(`${BINFMT_MISC}/odd`).atimeMs;
  do {
    rmSync(interpreter);
    put(interpreter);
  } while (lstatSync(interpreter).ctimeMs <= registered);
}

describe('applying the boot configuration', () => {
  test('changes nothing where the interpreter is what the kernel has opened', async () => {
    writeToEntry('odd', '0');
    writeToEntry('odd', '1');
    expect(await newManager().preview(applying)).toMatchObject({ problem: NOTHING });
  });

  test.each<[string, (place: string) => void]>([
    ['replaced', (place) => copyFileSync('/bin/true', place)],
    ['replaced by a link', (place) => symlinkSync('/bin/true', place)],
  ])('has the kernel open anew what was %s, as systemd-binfmt does', async (_how, put) => {
    replaceInterpreter(put);
    expect(answer()).toBe(1);
    const manager = newManager();
    expect((await manager.snapshot()).outdated).toEqual(['odd']);
    expect(await manager.bootDifference(true)).toMatchObject([
      { kind: 'change', what: 'Its interpreter opened anew, for the file was replaced since.' },
    ]);
    expect(await manager.change(applying)).toMatchObject({ kind: 'done', message: 'Changed odd' });
    expect(answer()).toBe(0);
    expect(await manager.change(applying)).toMatchObject({ message: NOTHING });
  });

  test('leaves alone what could not be opened again', async () => {
    rmSync(interpreter);
    const manager = newManager();
    expect((await manager.snapshot()).outdated).toEqual([]);
    expect(await manager.preview(applying)).toMatchObject({ problem: NOTHING });
    expect(answer()).toBe(1);
  });
});
