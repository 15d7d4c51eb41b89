import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Locator } from '@playwright/test';
import { formatRegisterLine } from '../../electron/binfmt/register-line.ts';
import { registrationOfTarget } from './example-data.ts';
import { clearAllBootFiles, coverBoot } from './private-boot.ts';
import { BOOT_FILES } from './private-etc.ts';
import { test as base, expect, type Program } from './program.ts';

/** Tests with boot files of their own, of which there are none when a test begins, and a service that reads them. */
export const test = base.extend<{ readonly noFiles: undefined }, { readonly covered: undefined }>({
  covered: [
    // Playwright wants a pattern here, also of nothing.
    // biome-ignore lint/correctness/noEmptyPattern: see above.
    async ({}, use) => {
      const uncover = coverBoot();
      await use(undefined);
      uncover();
    },
    { scope: 'worker', auto: true },
  ],
  noFiles: [
    async ({ covered }, use) => {
      clearAllBootFiles();
      await use(covered);
    },
    { auto: true },
  ],
});

export { expect };

/** The register line of a target with the tests' QEMU, or with something else. */
export function lineFor(
  target: string,
  interpreter = `/usr/local/bin/qemu-${target}-static`,
  flags = 'F',
): string {
  const line = formatRegisterLine(registrationOfTarget(target, { interpreter, flags }));
  if (!line.ok) throw new Error(line.problem);
  return line.value;
}

/** Writes a boot file as an administrator does. */
export function writeOwnFile(name: string, text: string): void {
  mkdirSync(BOOT_FILES, { recursive: true });
  writeFileSync(path.join(BOOT_FILES, name), text);
}

export async function enable(program: Program, target: string): Promise<void> {
  await program.switchOf(target).click();
  await expect(program.row(target)).toContainText('Enabled');
}

/** Expects what the column At boot says of a row. */
export const expectAtBoot = (program: Program, row: string, says: string): Promise<void> =>
  expect(program.row(row).locator('.column-boot')).toHaveText(says);

export const dialogOf = (program: Program, name: string): Locator =>
  program.page.getByRole('dialog', { name, exact: true });

/** Chooses Apply Boot Configuration… in the application menu, and returns its dialog. */
export async function chooseApply(program: Program): Promise<Locator> {
  await program.app.evaluate(({ Menu }) => {
    const items = Menu.getApplicationMenu()?.items.flatMap((one) => one.submenu?.items ?? []) ?? [];
    items.find((item) => item.label === 'Apply &Boot Configuration…')?.click();
  });
  return dialogOf(program, 'Apply the boot configuration?');
}
