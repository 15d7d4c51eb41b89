import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, lstatSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Locator } from '@playwright/test';
import {
  fetchFrom,
  makeDeb,
  makeThrowawayRoot,
  PackageServer,
  type SmallPackage,
  serveDebs,
} from './archives-root.ts';
import { makeOpenDirectory } from './open-directory.ts';
import { test as base, expect, type Program } from './program.ts';
import { clearRegistry } from './registry.ts';

/** Words for what a person does in the dialog Interpreters from a file. */
export class ArchiveDialog {
  constructor(
    readonly program: Program,
    readonly dialog: Locator,
  ) {}

  /** Opens it from the application menu; that of an installed program is out of reach. */
  static async open(program: Program): Promise<ArchiveDialog> {
    if (program.isInstalled) await program.chooseFromMenu('xtensaeb', 'Interpreters from a file…');
    else await program.chooseInApplicationMenu('Interpreters from a File…');
    return ArchiveDialog.of(program);
  }

  /** The one that is open. */
  static async of(program: Program): Promise<ArchiveDialog> {
    const dialog = program.page.getByRole('dialog', { name: 'Interpreters from a file' });
    await expect(dialog).toBeVisible();
    return new ArchiveDialog(program, dialog);
  }

  button = (name: string | RegExp): Locator => this.dialog.getByRole('button', { name, exact: true });
  radio = (name: RegExp): Locator => this.dialog.getByRole('radio', { name });

  get table(): Locator {
    return this.dialog.getByRole('grid', { name: 'Emulators' });
  }

  get alert(): Locator {
    return this.dialog.getByRole('alert');
  }

  row(fileName: string): Locator {
    return this.table
      .getByRole('row')
      .filter({ has: this.program.page.getByRole('rowheader', { name: fileName, exact: true }) });
  }

  /** Chooses a file or a folder, and waits until it was looked at. */
  async list(archive: string): Promise<void> {
    await this.choose(archive);
    await expect(this.table).toBeVisible({ timeout: 60_000 });
  }

  /** Chooses a file, as a person does in the system's dialog; where that is out of reach it is dropped. */
  async choose(archive: string, button: RegExp = /^(Choose a file…|File…)$/): Promise<void> {
    if (this.program.isInstalled) return this.program.drop(archive);
    await this.program.answerFileDialogs(archive);
    await this.button(button).click();
  }

  /** Of all that are listed, takes only these. */
  async take(...fileNames: readonly string[]): Promise<void> {
    const all = this.table.getByRole('checkbox', { name: 'Select All' });
    if (!(await all.isChecked())) await all.click();
    await all.click();
    for (const name of fileNames) await this.row(name).click();
  }

  /** Installs what is taken, and waits until the dialog has gone. */
  async install(): Promise<void> {
    await this.button(/^Install /).click();
    await expect(this.dialog).toBeHidden({ timeout: 60_000 });
  }
}

/** What the window says at its foot; a panel above the table may speak, too. */
export const footer = (program: Program): Locator => program.page.getByRole('contentinfo');

/** Has the window look at everything again, as it does when it comes to the front. */
export const lookAgain = (program: Program): Promise<void> =>
  program.app.evaluate(({ BrowserWindow }) => {
    BrowserWindow.getAllWindows()[0]?.emit('focus');
  });

export const digestOf = (file: string): string =>
  createHash('sha256').update(readFileSync(file)).digest('hex');

/** The emulators in the place they are put, by name. */
export const placed = (): readonly string[] =>
  readdirSync('/usr/local/bin')
    .filter((name) => name.includes('qemu-'))
    .sort();

/** What this program has unpacked and not removed. */
export const leftUnpacked = (): readonly string[] =>
  readdirSync(temporaryDirectory()).filter((name) => /^qemu-binfmt-manager-\w{6}$/.test(name));

/** Where the program puts it: see ordinary-user.sh. */
function temporaryDirectory(): string {
  const { INSTALLED_PROGRAM, TEST_HOME = '' } = process.env;
  return INSTALLED_PROGRAM === undefined ? tmpdir() : path.join(TEST_HOME, 'tmp');
}

const covered = ['/usr/local/bin', '/var/lib'];

/**
 * Tests on a machine without QEMU, and with places of their own for what is installed; `work` is a directory that is
 * empty.
 */
export const test = base.extend<{ readonly work: string }>({
  userData: async ({ userData }, use) => {
    const putBack = keepTemporaryDirectory();
    process.env.TMPDIR = path.join(userData, 'tmp');
    mkdirSync(process.env.TMPDIR);
    for (const place of covered) execFileSync('mount', ['-t', 'tmpfs', 'tmpfs', place]);
    await use(userData);
    // An entry with the flag F holds its interpreter open.
    clearRegistry();
    for (const place of covered) execFileSync('umount', [place]);
    putBack();
  },
  // biome-ignore lint/correctness/noEmptyPattern: Playwright wants a pattern here, also of nothing.
  work: async ({}, use) => {
    const directory = makeOpenDirectory();
    await use(directory);
    rmSync(directory, { recursive: true });
  },
});

/** Remembers where temporary files go, and returns how to have them go there again. */
function keepTemporaryDirectory(): () => void {
  const { TMPDIR } = process.env;
  return () => {
    if (TMPDIR === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = TMPDIR;
  };
}

/** A system whose apt knows one source of packages, which a test fills. */
export interface AptSystem {
  readonly server: PackageServer;
  /** Makes these the packages there are. */
  readonly offer: (...packages: readonly SmallPackage[]) => Promise<void>;
}

/** Tests on a system without QEMU that is thrown away afterwards: apt really installs into it. */
export const testOnAptSystem = base.extend<{ readonly apt: AptSystem }>({
  // biome-ignore lint/correctness/noEmptyPattern: see above.
  apt: async ({}, use) => {
    const directory = mkdtempSync(path.join(tmpdir(), 'qemu-binfmt-manager-test-'));
    // The root brings one of its own.
    const putBack = keepTemporaryDirectory();
    const place = makeThrowawayRoot(directory);
    const leave = enter(place.root);
    const server = new PackageServer();
    const address = await server.start();
    const offer = async (...packages: readonly SmallPackage[]): Promise<void> => {
      const debs = packages.map((one) => [`${one.name}.deb`, makeDeb(directory, one)] as const);
      serveDebs(server, directory, Object.fromEntries(debs));
      await fetchFrom(place, address);
      // What apt is told there must be what it is told here, or it would install into the machine itself.
      if (!existsSync(THROWAWAY_MARK)) throw new Error('The machine’s own directories are in sight.');
    };
    await place.run('sh', '-c', 'dpkg --purge --force-all qemu-user-static qemu-user qemu-user-binfmt 2>&1');
    await place.run('sh', '-c', 'rm -f /usr/bin/qemu-* /usr/local/bin/qemu-*');
    await offer();
    await use({ server, offer });
    clearRegistry();
    await server.stop();
    leave();
    place.remove();
    putBack();
    rmSync(directory, { recursive: true });
  },
  // The program starts on that system.
  userData: async ({ userData, apt: _ }, use) => use(userData),
});

/** The configuration that {@link fetchFrom} writes. */
const THROWAWAY_MARK = '/etc/apt/apt.conf.d/99throwaway';

/** Puts the directories of a root in the places of this namespace's own, and returns how to take them away again. */
function enter(root: string): () => void {
  const places = readdirSync(root).filter(
    (name) => ['usr', 'etc', 'var'].includes(name) || /^s?bin$|^lib(32|64)?$/.test(name),
  );
  const entered = places.filter((name) => !lstatSync(path.join(root, name)).isSymbolicLink());
  for (const name of entered) execFileSync('mount', ['--rbind', path.join(root, name), `/${name}`]);
  return () => {
    for (const name of entered) execFileSync('umount', ['--recursive', '--lazy', `/${name}`]);
  };
}

export { expect };
