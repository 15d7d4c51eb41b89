import { defineConfig } from '@playwright/test';

const cases = [
  ...['switching', 'all-at-once', 'diagnosis', 'inspector', 'finding', 'keyboard', 'hostile-names'],
  ...[
    'past-changes',
    'selection',
    'register-options',
    'add-format',
    'unusual-entries',
    'whole-window-states',
  ],
  ...['verify', 'explain', 'import', 'interpreters-from-file'],
];

export default defineConfig({
  outputDir: '../../test-results',
  // One kernel, one registry: the tests take turns.
  workers: 1,
  fullyParallel: false,
  timeout: 40_000,
  expect: { timeout: 10_000 },
  forbidOnly: true,
  projects: [
    { name: 'install', testDir: 'installed', testMatch: 'install.test.ts', teardown: 'remove' },
    { name: 'remove', testDir: 'installed', testMatch: 'remove.test.ts' },
    {
      name: 'installed',
      testDir: 'installed',
      testIgnore: ['install.test.ts', 'remove.test.ts'],
      dependencies: ['install'],
    },
    {
      name: 'e2e',
      testDir: '../e2e',
      // The same cases as without a package, but for those that reach into the main process. What is exported and
      // built goes where a person says in the system's dialog: terminal.test.ts tries that.
      testMatch: cases.map((name) => `${name}.test.ts`),
      grepInvert: /@main-process/,
      dependencies: ['install'],
    },
  ],
});
