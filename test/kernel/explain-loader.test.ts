import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { describeOpening } from '../../electron/binfmt/explain/describe.ts';
import { explainFile } from '../../electron/binfmt/explain/explain-file.ts';
import { formatRegisterLine } from '../../electron/binfmt/register-line.ts';
import { registrationOfTarget } from '../support/example-data.ts';
import { temporaryDirectory } from '../support/interpreters.ts';
import { coverEtc } from '../support/private-etc.ts';
import { readSnapshot } from '../support/read-snapshot.ts';
import { clearRegistry, register } from '../support/registry.ts';

/** A root directory of arm64, with a program, its loader and its libraries; build/setup/test-programs.mjs makes it. */
const root = process.env.DYNAMIC_PROGRAM ?? '';
const program = path.join(root, 'bin/busybox');
const loader = '/lib/ld-linux-aarch64.so.1';
/** The directory that Debian builds QEMU to look into. */
const BUILT_IN = '/etc/qemu-binfmt/aarch64';

const { directory, remove } = temporaryDirectory();
let uncover: () => void = () => undefined;
beforeAll(() => {
  uncover = coverEtc();
});
beforeEach(() => {
  clearRegistry();
  const interpreter = '/usr/local/bin/qemu-aarch64-static';
  const line = formatRegisterLine(registrationOfTarget('aarch64', { interpreter }));
  if (!line.ok) throw new Error(line.problem);
  register(line.value);
});
afterEach(() => rmSync('/etc/qemu-binfmt', { recursive: true, force: true }));
afterAll(() => {
  clearRegistry();
  uncover();
  remove();
});

function buildIn(target: string): void {
  mkdirSync(path.dirname(BUILT_IN), { recursive: true });
  symlinkSync(target, BUILT_IN);
}

/** What is said of a program, and what really happens to it. */
async function startWith(prefix: string | undefined, file = program) {
  const { steps, outcome, verdict } = await explainFile(file, await readSnapshot(), {
    environmentPrefix: prefix,
  });
  const [step] = steps;
  if (step === undefined) throw new Error('There is a step for every file.');
  const env = prefix === undefined ? {} : { QEMU_LD_PREFIX: prefix };
  const { status, stdout, stderr } = spawnSync(file, ['uname', '-m'], { env, encoding: 'utf8' });
  return { step, outcome: outcome.kind, verdict, status, stdout, stderr };
}

describe('the loader of a dynamic program', () => {
  test('is found under QEMU_LD_PREFIX', async () => {
    const { step, ...end } = await startWith(root);
    expect(end).toMatchObject({ outcome: 'runs-under', status: 0, stdout: 'aarch64\n' });
    expect(step.loader).toEqual({ path: `${root}${loader}`, prefix: root });
    expect(describeOpening(step)).toContain(
      `Its loader is there, below the directory where QEMU looks first: ${root}${loader}`,
    );
  });

  test('is found under the directory that QEMU was built for', async () => {
    buildIn(root);
    const { step, ...end } = await startWith(undefined);
    expect(end).toMatchObject({ outcome: 'runs-under', status: 0, stdout: 'aarch64\n' });
    expect(step.loader).toEqual({ path: `${BUILT_IN}${loader}`, prefix: BUILT_IN });
  });

  test('is found at its own path', async () => {
    const bytes = readFileSync(program);
    const place = path.join(mkdtempSync('/tmp/l-'), 'ld');
    cpSync(path.join(root, loader), place, { dereference: true });
    // Slashes fill the path up to the length of the loader's.
    bytes.write(place.padStart(loader.length, '/'), bytes.indexOf(`${loader}\0`));
    const file = path.join(directory, 'elsewhere');
    writeFileSync(file, bytes);
    chmodSync(file, 0o755);
    const { step, ...end } = await startWith(undefined, file);
    rmSync(path.dirname(place), { recursive: true });
    expect(end).toMatchObject({ outcome: 'runs-under', status: 127 });
    // It is the loader that says this.
    expect(end.stderr).toMatch(/error while loading shared libraries: \S+\.so/);
    const named = place.padStart(loader.length, '/');
    expect(step.loader).toEqual({ path: named, prefix: null });
    expect(describeOpening(step)).toContain(`Its loader is there: ${named}`);
  });

  test.each<readonly [string, string | undefined, () => void]>([
    ['where there is none', undefined, () => undefined],
    [
      'under another QEMU_LD_PREFIX, which takes the place of the built-in one',
      '/nowhere',
      () => buildIn(root),
    ],
    ['with an empty QEMU_LD_PREFIX, which does so too', '', () => buildIn(root)],
    ['with a QEMU_LD_PREFIX that adds nothing, which does so too', '/', () => buildIn(root)],
  ])('is missing %s', async (_, prefix, prepare) => {
    prepare();
    const { step, ...end } = await startWith(prefix);
    expect(end).toMatchObject({ outcome: 'stops-under', stdout: '' });
    expect(end.verdict).toContain(`the loader ${loader} for its CPU is not there`);
    expect(end.stderr).toContain(`Could not open '${loader}'`);
    expect(step.loader).toBeNull();
  });

  test('is the first file that is there, also where that is for another CPU', async () => {
    buildIn(root);
    const prefix = path.join(directory, 'prefix');
    mkdirSync(path.join(prefix, 'lib'), { recursive: true });
    cpSync('/bin/true', path.join(prefix, loader));
    const { step, ...end } = await startWith(prefix);
    expect(end).toMatchObject({ outcome: 'stops-under', stdout: '' });
    expect(end.status).not.toBe(0);
    expect(end.verdict).toContain(`the loader ${prefix}${loader} is not one for its CPU`);
    expect(end.stderr).toContain('Invalid ELF image for this architecture');
    expect(step.loader).toBeNull();
  });
});
