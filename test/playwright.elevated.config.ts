import { defineConfig } from '@playwright/test';

export default defineConfig({
  testDir: 'elevated',
  outputDir: '../test-results',
  // One kernel, one polkit: the tests take turns.
  workers: 1,
  fullyParallel: false,
  timeout: 40_000,
  // polkit makes people wait two seconds after a wrong password.
  expect: { timeout: 10_000 },
  forbidOnly: true,
});
