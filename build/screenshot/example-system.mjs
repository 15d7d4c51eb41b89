import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { env } from 'node:process';
import { bundleDomain, loadDomain } from '../bench/domain.mjs';
import { run } from '../setup/programs.mjs';

const enabled = ['aarch64', 'arm', 'riscv64', 'ppc64le', 'loongarch64', 'm68k', 'mips64el', 'ppc64'];
const disabled = ['hppa', 'sparc64'];

/**
 * Makes the private namespace look like the machine of somebody who works with foreign programs.
 *
 * @param {string} directory for what it needs; must outlive the picture
 */
export async function arrangeSystem(directory) {
  await installQemu(directory);
  const domain = await loadDomain(await bundleDomain(directory));
  const { defaultRegisterOptions, formatRegisterLine, registrationWith, registry, targetNamed } = domain;
  /** @param {import('../../electron/binfmt/register-line.ts').Registration} registration */
  const register = (registration) => {
    const line = formatRegisterLine(registration);
    if (!line.ok) throw new Error(line.problem);
    registry.register(line.value);
  };
  /** @param {string} name @param {string} interpreter */
  const registrationOf = (name, interpreter) => {
    const target = targetNamed(name);
    if (!target) throw new Error(`There is no target ${name}.`);
    return registrationWith(target, interpreter, defaultRegisterOptions);
  };

  const jar = { name: 'jar', offset: 0, magic: '504b0304', mask: null, interpreter: '/usr/bin/jexec' };
  register({ kind: 'magic', flags: '', ...jar });
  // Registered by hand, and its QEMU deleted since.
  register({ ...registrationOf('s390x', '/usr/local/bin/qemu-s390x'), flags: '' });
  for (const name of [...enabled, ...disabled])
    register(registrationOf(name, `/usr/bin/qemu-${name}-static`));
  for (const name of disabled) registry.writeToEntry(`qemu-${name}`, '0');
}

/**
 * Puts QEMU, and an interpreter for jar, where a package manager would put them.
 *
 * @param {string} directory
 */
async function installQemu(directory) {
  mkdirSync(join(directory, 'java'));
  writeFileSync(join(directory, 'java/jexec'), '#!/bin/sh\nexec java -jar "$@"\n', { mode: 0o755 });
  symlinkSync(join(env.TEST_PROGRAMS ?? '', 'qemu/usr/bin'), join(directory, 'qemu'));
  // What namespace.sh has put there would be a second installation.
  await mustRun(['umount', '/usr/local/bin']);
  // Relative to the directory, for overlay gives `:` and `,` in a path a meaning.
  const layers = 'lowerdir=java:qemu:/usr/bin';
  await mustRun(['mount', '-t', 'overlay', 'overlay', '-o', layers, '/usr/bin'], directory);
}

/**
 * @param {readonly string[]} command
 * @param {string} [cwd]
 */
async function mustRun(command, cwd) {
  const { code, stderr } = await run(command, cwd === undefined ? {} : { cwd });
  if (code !== 0) throw new Error(`${command.join(' ')}: ${stderr.trim()}`);
}
