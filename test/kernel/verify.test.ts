import {
  chmodSync,
  closeSync,
  openSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { hexOfBytes } from '../../electron/binfmt/hex.ts';
import { formatRegisterLine, type MagicRegistration } from '../../electron/binfmt/register-line.ts';
import { emulatorNameOf, familyOfMachine, type Target, targets } from '../../electron/binfmt/targets.ts';
import { proofProgram } from '../../electron/binfmt/verify/proof-program.ts';
import type { Failed, FailureKind, Passed, Verification } from '../../electron/binfmt/verify/verification.ts';
import { type VerifyOptions, verifyTarget, verifyTargets } from '../../electron/binfmt/verify/verify.ts';
import { registrationOfTarget, theTarget } from '../support/example-data.ts';
import { isRunning } from '../support/hanging-interpreter.ts';
import { temporaryDirectory, writeExecutable } from '../support/interpreters.ts';
import { BINFMT_MISC, clearRegistry, register, writeToEntry } from '../support/registry.ts';

const { directory, remove } = temporaryDirectory();
beforeEach(clearRegistry);
afterAll(() => {
  clearRegistry();
  remove();
});

// What this machine may run itself is not registered: that would stop every program.
const hostFamily = familyOfMachine(os.machine());
const foreign = targets.filter((target) => target.family !== hostFamily);
const own = targets.filter((target) => target.family === hostFamily);
// Their entries take none of the programs of which a PC is made.
const emulated = targets.filter(
  (target) =>
    foreign.includes(target) || (os.machine() === 'x86_64' && ['i386', 'i486'].includes(target.name)),
);
// Some foreign target, whatever the machine is.
const some = theTarget(hostFamily === 's390x' ? 'or1k' : 's390x');

const emulatorOf = (name: string): string => `/usr/local/bin/qemu-${name}-static`;

function registerTarget(name: string, changes: Partial<MagicRegistration> = {}): void {
  const interpreter = emulatorOf(emulatorNameOf(theTarget(name)));
  const line = formatRegisterLine(registrationOfTarget(name, { interpreter, ...changes }));
  if (!line.ok) throw new Error(line.problem);
  register(line.value);
}

let scripts = 0;

/** Registers the target with a script of that text as its interpreter. */
function registerScript(text: string): string {
  scripts += 1;
  const file = path.join(directory, `interpreter-${scripts}`);
  const interpreter = writeExecutable(file, Buffer.from(`#!/bin/sh\n${text}\n`));
  registerTarget(some.name, { interpreter, flags: '' });
  return interpreter;
}

async function failureOf(options: VerifyOptions = {}): Promise<Failed> {
  const verification = await verifyTarget(some, options);
  if (verification.verdict !== 'failed') throw new Error('It passed.');
  return verification;
}

/** How each of these fails; false where it passes. */
async function kindsOf(those: readonly Target[]): Promise<readonly (FailureKind | false)[]> {
  return (await verifyTargets(those)).map((one) => one.verdict === 'failed' && one.kind);
}

const allOf = (those: readonly Target[], kind: FailureKind): readonly FailureKind[] => those.map(() => kind);

const passesOf = (those: readonly Target[]): readonly Passed[] =>
  those.map(({ name }) => ({ verdict: 'passed', target: name, milliseconds: expect.any(Number) }));

/** The emulator of the next target of another family: within one, an emulator may run another's programs too. */
function otherEmulator(target: Target): string {
  const others = [...targets, ...targets].slice(targets.indexOf(target));
  const next = others.find(({ family }) => family !== target.family);
  if (next === undefined) throw new Error('All targets are of one family.');
  return emulatorOf(emulatorNameOf(next));
}

/** A magic that says the other byte order in EI_DATA, and nothing else. */
const inOtherByteOrder = (magic: string): string =>
  `${magic.slice(0, 11)}${magic[11] === '1' ? '2' : '1'}${magic.slice(12)}`;

describe('every target', () => {
  test.each(['F', '', 'POCF'])('passes with its emulator and flags “%s”', async (flags) => {
    for (const { name } of emulated) registerTarget(name, { flags });
    const reported: Verification[] = [];
    const started = performance.now();
    const results = await verifyTargets(emulated, { onResult: (result) => reported.push(result) });
    console.log(`${emulated.length} targets in ${Math.round(performance.now() - started)} ms`);
    expect(results.filter((result) => result.verdict !== 'passed')).toEqual([]);
    expect(results.map((result) => result.target)).toEqual(emulated.map((target) => target.name));
    expect(new Set(reported)).toEqual(new Set(results));
  });

  test('fails with the emulator of another', async () => {
    for (const target of emulated) registerTarget(target.name, { interpreter: otherEmulator(target) });
    expect(await kindsOf(emulated)).toEqual(allOf(emulated, 'wrong-emulator'));
  });

  test('fails with a magic in the wrong byte order', async () => {
    for (const { name, magic } of foreign) registerTarget(name, { magic: inOtherByteOrder(magic) });
    expect(await kindsOf(foreign)).toEqual(allOf(foreign, 'not-recognized'));
  });

  test('fails while its entry is disabled', async () => {
    for (const { name } of foreign) registerTarget(name);
    for (const { name } of foreign) writeToEntry(`qemu-${name}`, '0');
    expect(await kindsOf(foreign)).toEqual(allOf(foreign, 'not-recognized'));
  });

  test('fails while the master switch is off', async () => {
    for (const { name } of foreign) registerTarget(name);
    writeFileSync(`${BINFMT_MISC}/status`, '0');
    expect(await kindsOf(foreign)).toEqual(allOf(foreign, 'not-recognized'));
  });

  test('fails where nothing is registered', async () => {
    expect(await kindsOf(foreign)).toEqual(allOf(foreign, 'not-recognized'));
  });

  test('of the machine’s own passes by an entry that takes this one file, and fails by a wrong one', async () => {
    const asItself = (target: Target) => ({ magic: hexOfBytes(proofProgram(target)), mask: null });
    for (const target of own) registerTarget(target.name, asItself(target));
    expect(await verifyTargets(own)).toEqual(passesOf(own));
    clearRegistry();
    for (const target of own) {
      registerTarget(target.name, { ...asItself(target), interpreter: otherEmulator(target) });
    }
    expect(await kindsOf(own)).toEqual(allOf(own, 'wrong-emulator'));
  });

  test.runIf(os.machine() === 'x86_64')('of the machine’s own passes without an entry', async () => {
    expect(await verifyTargets(own)).toEqual(passesOf(own));
  });
});

describe('it is red', () => {
  test('when the entry is disabled, and green when it is enabled again', async () => {
    registerTarget(some.name);
    writeToEntry(`qemu-${some.name}`, '0');
    expect((await failureOf()).kind).toBe('not-recognized');
    writeToEntry(`qemu-${some.name}`, '1');
    expect((await verifyTarget(some)).verdict).toBe('passed');
  });

  test('when the magic is another target’s', async () => {
    registerTarget(some.name, { magic: theTarget('m68k').magic, mask: theTarget('m68k').mask });
    expect((await failureOf()).kind).toBe('not-recognized');
  });

  test('when the interpreter is missing', async () => {
    registerTarget(some.name, { interpreter: `${directory}/missing`, flags: '' });
    expect(await failureOf()).toMatchObject({
      kind: 'interpreter-missing',
      explanation: expect.stringContaining(`Install qemu-${some.name}`),
    });
  });

  test('when the interpreter is not executable', async () => {
    chmodSync(registerScript('exit 42'), 0o644);
    expect((await failureOf()).kind).toBe('not-permitted');
  });

  test('when the interpreter is itself a foreign program', async () => {
    const interpreter = writeExecutable(path.join(directory, 'foreign'), proofProgram(theTarget('m68k')));
    registerTarget(some.name, { interpreter, flags: '' });
    expect((await failureOf()).kind).toBe('not-recognized');
  });

  test('when the entry takes its own interpreter', async () => {
    const interpreter = writeExecutable(path.join(directory, 'itself'), proofProgram(some));
    registerTarget(some.name, { interpreter, flags: '' });
    expect(await failureOf()).toMatchObject({
      kind: 'not-executed',
      explanation: expect.stringContaining('Too many levels of symbolic links'),
    });
  });

  test.each(['m68k', 'mips64el', 'hexagon', 'riscv64'])('when the emulator is that of %s', async (other) => {
    registerTarget(some.name, { interpreter: emulatorOf(other) });
    const failure = await failureOf();
    expect(failure.kind).toBe('wrong-emulator');
    expect(failure.explanation).toMatch(`said “qemu-${other}-static: `);
  });

  test('when Debian’s QEMU is registered by a name that wants flag P, without it', async () => {
    const interpreter = path.join(directory, `${some.name}-binfmt-P`);
    symlinkSync(emulatorOf(some.name), interpreter);
    registerTarget(some.name, { interpreter, flags: 'F' });
    expect((await failureOf()).kind).toBe('wrong-flags');
    clearRegistry();
    registerTarget(some.name, { interpreter, flags: 'PF' });
    expect((await verifyTarget(some)).verdict).toBe('passed');
  });

  test('when the result is another', async () => {
    registerScript('echo first >&2; echo second >&2; exit 41');
    expect(await failureOf()).toMatchObject({
      kind: 'wrong-result',
      explanation: expect.stringContaining('exited with status 41; the interpreter said “first”'),
    });
  });

  test('when a signal kills it', async () => {
    registerScript('kill -SEGV $$');
    expect(await failureOf()).toMatchObject({
      kind: 'wrong-result',
      explanation: expect.stringContaining('was killed by SIGSEGV'),
    });
  });

  test('when the interpreter hangs, which is killed with what it started', async () => {
    registerScript(`sleep 60 & echo $! > ${directory}/sleeper; wait`);
    const started = performance.now();
    expect((await failureOf({ timeoutMs: 500 })).kind).toBe('timed-out');
    expect(performance.now() - started).toBeLessThan(2000);
    const sleeper = readFileSync(`${directory}/sleeper`, 'utf8').trim();
    await vi.waitFor(() => expect(isRunning(sleeper)).toBe(false));
  });

  test('as long as the interpreter’s file is being written, and green when that ends in time', async () => {
    const interpreter = writeExecutable(path.join(directory, 'copy'), readFileSync(emulatorOf(some.name)));
    registerTarget(some.name, { interpreter, flags: '' });
    const file = openSync(interpreter, 'r+');
    expect((await failureOf()).explanation).toContain('Text file busy');
    const verification = verifyTarget(some);
    await sleep(25);
    closeSync(file);
    expect((await verification).verdict).toBe('passed');
  });
});

describe('it is not misled', () => {
  test('by something the interpreter leaves running', async () => {
    registerScript('sleep 60 & exit 42');
    expect(await verifyTarget(some)).toMatchObject({ verdict: 'passed' });
  });

  test('by what the environment tells QEMU', async () => {
    registerTarget(some.name);
    vi.stubEnv('QEMU_CPU', 'none');
    expect((await verifyTarget(some)).verdict).toBe('passed');
    vi.unstubAllEnvs();
  });

  test('by an interpreter that talks and exits like bash', async () => {
    registerScript('echo "sh: line 1: Permission denied" >&2; exit 126');
    expect((await failureOf()).kind).toBe('wrong-result');
  });

  test('by an interpreter that prints much', async () => {
    registerScript('head -c 1000000 /dev/zero; head -c 1000000 /dev/zero >&2; exit 42');
    expect((await verifyTarget(some)).verdict).toBe('passed');
  });
});

test('the program is never on a list of files: nothing can be left of it', async () => {
  registerScript(`ls ${directory} > ${directory}/list; exit 42`);
  writeFileSync(`${directory}/list`, '');
  const before = readdirSync(directory);
  expect((await verifyTarget(some, { directories: [directory] })).verdict).toBe('passed');
  expect(readFileSync(`${directory}/list`, 'utf8').trim().split('\n')).toEqual([...before].sort());
  expect(readdirSync(directory)).toEqual(before);
});
