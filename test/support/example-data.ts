import type { BootConfiguration, BootFile } from '../../electron/binfmt/boot/boot-configuration.ts';
import { type Entry, type MagicEntry, parseEntry } from '../../electron/binfmt/entry.ts';
import type { Host } from '../../electron/binfmt/host.ts';
import type { Interpreter } from '../../electron/binfmt/interpreters.ts';
import type { MagicRegistration, Registration } from '../../electron/binfmt/register-line.ts';
import type { Row, Snapshot } from '../../electron/binfmt/snapshot.ts';
import { type Target, targetNamed } from '../../electron/binfmt/targets.ts';

/** A PC. */
export const exampleHost: Host = {
  machine: 'x86_64',
  family: 'i386',
  kernelRelease: '6.18.0',
  installCommand: null,
};

/** The target of that name; throws where the table has none. */
export function theTarget(name: string): Target {
  const target = targetNamed(name);
  if (target === undefined) throw new RangeError(`There is no target ${name}.`);
  return target;
}

/** The registration that qemu-binfmt-conf.sh would make, with some fields changed. */
export const registrationOfTarget = (
  target: string,
  changes: Partial<MagicRegistration> = {},
): MagicRegistration => ({
  kind: 'magic',
  name: `qemu-${target}`,
  offset: 0,
  magic: theTarget(target).magic,
  mask: theTarget(target).mask,
  interpreter: `/usr/bin/qemu-${target}-static`,
  flags: 'F',
  ...changes,
});

/** What the kernel says of a registration. */
export function entryText(registration: Registration, enabled = true): string {
  const lines = [
    enabled ? 'enabled' : 'disabled',
    `interpreter ${registration.interpreter}`,
    `flags: ${registration.flags}`,
  ];
  if (registration.kind === 'extension') lines.push(`extension .${registration.extension}`);
  else {
    lines.push(`offset ${registration.offset}`, `magic ${registration.magic}`);
    if (registration.mask !== null) lines.push(`mask ${registration.mask}`);
  }
  return `${lines.join('\n')}\n`;
}

export const entryOf = (registration: Registration, enabled = true): Entry =>
  parseEntry(registration.name, entryText(registration, enabled));

/** A magic entry; throws where the fields make none. */
export function magicEntry(changes: Partial<MagicRegistration> = {}, enabled = true): MagicEntry {
  const entry = entryOf(registrationOfTarget('aarch64', changes), enabled);
  if (entry.kind !== 'magic') throw new RangeError('These fields make no magic entry.');
  return entry;
}

/** The entry that makes `java -jar` of a jar. */
export const jarEntry = (enabled = true): Entry =>
  entryOf(
    { kind: 'extension', name: 'jar', extension: 'jar', interpreter: '/usr/bin/jexec', flags: '' },
    enabled,
  );

export const executable = (path: string): Interpreter => ({
  path,
  file: 'executable',
  stamp: '1 1700000000000',
  linkage: 'static',
  machine: 62,
  elfClass: 64,
  qemuVersion: '9.2.0',
});

/** The row of a target that is not registered, with some fields changed. */
export const exampleRow = (changes: Partial<Row> = {}): Row => ({
  name: 'aarch64',
  label: 'ARM, 64-bit',
  isTarget: true,
  state: 'Not registered',
  entryNames: [],
  entry: null,
  interpreter: executable('/usr/bin/qemu-aarch64-static'),
  installed: executable('/usr/bin/qemu-aarch64-static'),
  registerLine: null,
  boot: null,
  bootLine: null,
  ...changes,
});

/** A machine that registers nothing at boot. */
export const noBoot: BootConfiguration = {
  services: ['systemd-binfmt'],
  files: [],
  formats: [],
  rules: [],
  problems: [],
};

/** A file in force, of these rules; with the text of somebody else unless told otherwise. */
export const bootFile = (name: string, text: string | null, changes: Partial<BootFile> = {}): BootFile => ({
  path: `/etc/binfmt.d/${name}`,
  name,
  state: text === null ? 'masked' : 'used',
  overriddenBy: null,
  text,
  rules: [],
  problems: [],
  isOurs: false,
  ...changes,
});

/** A system in which binfmt_misc is on and these entries are registered. */
export const exampleSnapshot = (changes: Partial<Snapshot> = {}): Snapshot => ({
  host: exampleHost,
  binfmtMisc: 'on',
  entries: [],
  targets: [],
  formats: [],
  losses: [],
  interpreters: [],
  boot: noBoot,
  findings: [],
  ...changes,
});
