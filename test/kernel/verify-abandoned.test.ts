import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { BuiltTerminal } from '../support/built-terminal.ts';
import { HangingInterpreter } from '../support/hanging-interpreter.ts';
import { temporaryDirectory } from '../support/interpreters.ts';
import { clearRegistry } from '../support/registry.ts';

const { directory, remove } = temporaryDirectory();
let terminal: BuiltTerminal;
let hanging: HangingInterpreter;

beforeAll(async () => {
  terminal = await BuiltTerminal.in(directory);
});
beforeEach(() => {
  clearRegistry();
  hanging = new HangingInterpreter('or1k', mkdtempSync(path.join(directory, 'interpreter-')));
});
afterAll(() => {
  clearRegistry();
  remove();
});

const verify = (): readonly [string, string, string, string] => [
  process.execPath,
  terminal.file,
  'verify',
  'or1k',
];

/** Starts it, and waits until the interpreter hangs. */
async function start(program: string, ...args: readonly string[]): Promise<ChildProcess> {
  const child = spawn(program, args, { env: { ...terminal.env, SHELL: '/bin/sh' } });
  await vi.waitFor(() => expect(hanging.hasStarted).toBe(true), { timeout: 10_000 });
  expect(hanging.running).toHaveLength(2);
  return child;
}

const expectNothingRuns = (): Promise<void> =>
  vi.waitFor(() => expect(hanging.running).toEqual([]), { timeout: 4000 });

test('an interpreter that hangs is gone with the program when that is killed', async () => {
  const child = await start(...verify());
  child.kill('SIGKILL');
  expect(await once(child, 'exit')).toEqual([null, 'SIGKILL']);
  await expectNothingRuns();
});

test('it is gone when somebody presses Ctrl+C in the terminal', async () => {
  const child = await start('script', '--quiet', '--return', '--command', verify().join(' '), '/dev/null');
  const ended = once(child, 'exit');
  child.stdin?.write('\x03');
  await ended;
  await expectNothingRuns();
});

test('it does not outlive its time while the program is stopped', async () => {
  const child = await start(...verify());
  child.kill('SIGSTOP');
  await vi.waitFor(() => expect(hanging.running).toEqual([]), { timeout: 15_000 });
  child.kill('SIGCONT');
  expect(await once(child, 'exit')).toEqual([1, null]);
});
