import { existsSync, writeFileSync } from 'node:fs';
import { test as base } from '@playwright/test';
import { parseEntry } from '../../electron/binfmt/entry.ts';
import { entriesServing } from '../../electron/binfmt/rows.ts';
import { targetNamed } from '../../electron/binfmt/targets.ts';
import { newUserDirectory, startAsOrdinaryUser, user } from './ordinary-user.ts';
import { PasswordAgent } from './polkit-agent.ts';
import { setPolicy } from './polkit-rules.ts';
import { expect, type Program } from './program.ts';
import { BINFMT_MISC, mount, readEntry, readRegistry } from './registry.ts';

/** Targets that nobody on this machine uses. Their entries are the only ones that a test may touch. */
type Targets = readonly [string, string, string];

interface Fixtures {
  /** Where the program keeps its data; it is theirs, not root's. */
  readonly userData: string;
  readonly start: (options?: { readonly noNewPrivileges?: boolean }) => Promise<Program>;
  readonly startAgent: (program: Program) => Promise<PasswordAgent>;
  readonly untouched: undefined;
}

/** Tests of the program as an ordinary user starts it, on the machine's own binfmt_misc. */
export const test = base.extend<Fixtures, { readonly targets: Targets }>({
  targets: [
    // Playwright wants a pattern here, also of nothing.
    // biome-ignore lint/correctness/noEmptyPattern: see above.
    async ({}, use) => use(chooseTargets()),
    { scope: 'worker' },
  ],
  // biome-ignore lint/correctness/noEmptyPattern: see above.
  userData: async ({}, use, { testId }) => use(newUserDirectory(`data-${testId}`)),
  start: async ({ userData }, use) => {
    const programs: Program[] = [];
    await use(async (options) => {
      const program = await startAsOrdinaryUser(userData, options);
      programs.push(program);
      return program;
    });
    // A killed one is closed already.
    for (const program of programs) await program.close().catch(() => undefined);
  },
  // biome-ignore lint/correctness/noEmptyPattern: see above.
  startAgent: async ({}, use) => {
    const agents: PasswordAgent[] = [];
    await use(async (program) => {
      const agent = await PasswordAgent.for(program);
      agents.push(agent);
      return agent;
    });
    for (const agent of agents) await agent.stop();
  },
  untouched: [
    async ({ targets }, use) => {
      ensureMounted();
      const before = readRegistry();
      await use(undefined);
      ensureMounted();
      for (const target of targets) removeEntryOf(target);
      expect(readRegistry()).toEqual(before);
      await setPolicy('default');
    },
    { auto: true },
  ],
});

export { expect };

/** What the kernel says of a target's entry, or null when there is none. */
export const entryOf = (target: string): string | null => readEntry(`qemu-${target}`);

function removeEntryOf(target: string): void {
  if (entryOf(target) !== null) writeFileSync(`${BINFMT_MISC}/qemu-${target}`, '-1');
}

/** In our mount namespace alone: it is not unmounted after us. */
function ensureMounted(): void {
  if (!existsSync(`${BINFMT_MISC}/status`)) mount();
}

function chooseTargets(): Targets {
  if (user.uid <= 0) throw new Error('These tests need a machine arranged for them: npm test elevated');
  ensureMounted();
  const entries = readRegistry().map(([name, text]) => parseEntry(name, text ?? ''));
  const [first, second, third] = (process.env.TEST_TARGETS ?? '').split(' ').filter((name) => {
    const target = targetNamed(name);
    return target !== undefined && entriesServing(target, entries).length === 0;
  });
  if (first !== undefined && second !== undefined && third !== undefined) return [first, second, third];
  throw new Error(
    'This machine uses all targets that nobody uses: there is none left to try something with.',
  );
}
