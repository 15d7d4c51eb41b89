import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { shippedUnit } from './boot-oracles.ts';
import { clearBootFiles, coverEtc } from './private-etc.ts';

/** Where the files of packages lie. */
export const VENDOR_FILES = '/usr/lib/binfmt.d';
const UNITS = '/etc/systemd/system';
const SERVICE = `${UNITS}/systemd-binfmt.service`;

/**
 * Makes this namespace look like a machine that systemd started, with systemd-binfmt and without any boot file;
 * returns how to take that away again.
 */
export function coverBoot(): () => void {
  const undo = [coverEtc()];
  const run = existsSync('/run/systemd') ? '/run/systemd' : '/run';
  for (const place of [run, VENDOR_FILES, '/usr/local/lib/binfmt.d']) {
    if (!existsSync(place)) continue;
    execFileSync('mount', ['-t', 'tmpfs', 'tmpfs', place]);
    undo.push(() => void execFileSync('umount', [place]));
  }
  if (!existsSync(VENDOR_FILES)) throw new Error(`These tests need a ${VENDOR_FILES} to cover.`);
  mkdirSync('/run/systemd/system', { recursive: true });
  // Of a unit the first directory counts, and this is the first.
  mkdirSync(`${UNITS}/sysinit.target.wants`, { recursive: true });
  rmSync(SERVICE, { force: true });
  writeFileSync(SERVICE, '[Service]\nType=oneshot\n');
  rmSync(`${UNITS}/sysinit.target.wants/systemd-binfmt.service`, { force: true });
  symlinkSync('../systemd-binfmt.service', `${UNITS}/sysinit.target.wants/systemd-binfmt.service`);
  return () => {
    for (const step of undo.reverse()) step();
  };
}

/** Removes all boot files, the vendor's too. */
export function clearAllBootFiles(): void {
  clearBootFiles();
  for (const name of readdirSync(VENDOR_FILES)) rmSync(path.join(VENDOR_FILES, name));
}

/** Writes a boot file as a package does that brings it. */
export const writeVendorFile = (name: string, text: string): void =>
  writeFileSync(path.join(VENDOR_FILES, name), text);

/** Has binfmt-support run at boot, beside systemd-binfmt or alone; returns how to have it run no more. */
export function addBinfmtSupport(): () => void {
  const unit = `${UNITS}/binfmt-support.service`;
  const wanted = `${UNITS}/multi-user.target.wants/binfmt-support.service`;
  mkdirSync(path.dirname(wanted), { recursive: true });
  writeFileSync(unit, shippedUnit('binfmt-support'));
  symlinkSync(unit, wanted);
  return () => {
    for (const file of [unit, wanted]) rmSync(file);
  };
}

/** Takes the service away that reads boot files, until {@link unmaskService}. */
export function maskService(): void {
  rmSync(SERVICE);
  symlinkSync('/dev/null', SERVICE);
}

export function unmaskService(): void {
  rmSync(SERVICE);
  writeFileSync(SERVICE, '[Service]\nType=oneshot\n');
}
