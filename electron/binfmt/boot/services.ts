import type { BootService } from './boot-configuration.ts';
import { exists, linkTarget, readNames, readSmallFile } from './read-file.ts';

/**
 * The services under a root directory that register formats when this machine starts, in the order in which they
 * run. Told from files alone: by which program started the machine, and what is set up to be started. Never throws.
 */
export async function findServices(root: string): Promise<readonly BootService[]> {
  // sd_booted(3)
  if (await exists(`${root}/run/systemd/system`)) return startedBySystemd(root);
  if (await exists(`${root}/run/openrc`)) return startedByOpenRc(root);
  return startedBySysvinit(root);
}

/** Directories of units that a start of the machine finds, the first that has one wins (systemd.unit(5)); /run starts empty. */
export const unitDirectories = [
  '/etc/systemd/system.control',
  '/etc/systemd/system',
  '/usr/local/lib/systemd/system',
  '/usr/lib/systemd/system',
  '/lib/systemd/system',
] as const;

/** The targets that an ordinary start comes to (bootup(7)). */
const bootTargets = [
  'sysinit.target',
  'basic.target',
  'multi-user.target',
  'graphical.target',
  'default.target',
];

async function startedBySystemd(root: string): Promise<readonly BootService[]> {
  // binfmt-support.service is ordered after the other one from binfmt-support 2.2.2 on.
  const services = ['systemd-binfmt', 'binfmt-support'] as const;
  const runs = await Promise.all(services.map((service) => isStartedUnit(root, `${service}.service`)));
  return services.filter((_service, index) => runs[index]);
}

async function isStartedUnit(root: string, unit: string): Promise<boolean> {
  if (!(await isUnmasked(root, unit))) return false;
  const wanted = await Promise.all(bootTargets.map((target) => isUnmasked(root, `${target}.wants/${unit}`)));
  return wanted.includes(true);
}

/** Whether the first of that name in the units' directories is something, and not a mask. */
async function isUnmasked(root: string, name: string): Promise<boolean> {
  for (const directory of unitDirectories) {
    const path = `${root}${directory}/${name}`;
    if (!(await exists(path))) continue;
    if ((await linkTarget(path)) === '/dev/null') return false;
    const content = await readSmallFile(path);
    return content.kind !== 'null' && !(content.kind === 'text' && content.text === '');
  }
  return false;
}

/** OpenRC's runlevels that a start comes to; each has links to its services. */
export const runlevels = ['sysinit', 'boot', 'default'].map((name) => `/etc/runlevels/${name}`);

async function startedByOpenRc(root: string): Promise<readonly BootService[]> {
  const services = { openrc: 'binfmt', 'binfmt-support': 'binfmt-support' } as const;
  const started: BootService[] = [];
  for (const [service, script] of Object.entries(services) as [keyof typeof services, string][]) {
    const links = await Promise.all(runlevels.map((runlevel) => exists(`${root}${runlevel}/${script}`)));
    if (links.includes(true) && (await exists(`${root}/etc/init.d/${script}`))) started.push(service);
  }
  return started;
}

/** Debian's sysvinit; the script itself does nothing where update-binfmts is gone. */
async function startedBySysvinit(root: string): Promise<readonly BootService[]> {
  const isThere = await Promise.all(
    ['/etc/inittab', '/etc/init.d/binfmt-support', '/usr/sbin/update-binfmts'].map((path) =>
      exists(`${root}${path}`),
    ),
  );
  if (isThere.includes(false)) return [];
  for (const level of [2, 3, 4, 5]) {
    const names = await readNames(`${root}/etc/rc${level}.d`);
    if (!('reason' in names) && names.some((name) => /^S\d\dbinfmt-support$/.test(name)))
      return ['binfmt-support'];
  }
  return [];
}
