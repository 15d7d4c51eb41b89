import { existsSync } from 'node:fs';
import { test as base } from '@playwright/test';
import { newUserDirectory, type StartOptions, startAsOrdinaryUser, user } from './ordinary-user.ts';
import { PasswordAgent } from './polkit-agent.ts';
import { setPolicy } from './polkit-rules.ts';
import { expect, type Program } from './program.ts';
import { BINFMT_MISC, clearRegistry, mount, readEntry } from './registry.ts';

/** Some to try something with: what a test leaves of their entries is removed after it. */
type Targets = readonly [string, string, string];
const someTargets: Targets = ['hppa', 'alpha', 'sh4eb'];

interface Fixtures {
  /** Where the program keeps its data; it is theirs, not root's. */
  readonly userData: string;
  readonly start: (options?: StartOptions) => Promise<Program>;
  readonly startAgent: () => PasswordAgent;
  readonly clean: undefined;
}

/** Tests of the program as an ordinary user starts it, on a machine of their own: npm test elevated makes it. */
export const test = base.extend<Fixtures, { readonly targets: Targets }>({
  targets: [
    // Playwright wants a pattern here, also of nothing.
    // biome-ignore lint/correctness/noEmptyPattern: see above.
    async ({}, use) => use(someTargets),
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
    await use(() => {
      const agent = PasswordAgent.start();
      agents.push(agent);
      return agent;
    });
    for (const agent of agents) await agent.stop();
  },
  clean: [
    // biome-ignore lint/correctness/noEmptyPattern: see above.
    async ({}, use) => {
      if (user.uid <= 0) throw new Error('These tests need a machine arranged for them: npm test elevated');
      await use(undefined);
      ensureMounted();
      clearRegistry();
      await setPolicy('default');
    },
    { auto: true },
  ],
});

export { expect };

/** What the kernel says of a target's entry, or null when there is none. */
export const entryOf = (target: string): string | null => readEntry(`qemu-${target}`);

/** It may have been unmounted. */
function ensureMounted(): void {
  if (!existsSync(`${BINFMT_MISC}/status`)) mount();
}
