import { FORMAT_TEMPLATES, readFormats } from './binfmt-support.ts';
import { type BootConfiguration, bootDirectories, FORMAT_DATABASE } from './boot-configuration.ts';
import { readConfFiles } from './conf-files.ts';
import { registeredAfter } from './registering.ts';
import { findServices, runlevels, unitDirectories } from './services.ts';

/** The directories whose changes {@link BootReader.forget} is to be called for; most machines lack some. */
export const watchedDirectories: readonly string[] = [
  ...bootDirectories,
  FORMAT_DATABASE,
  FORMAT_TEMPLATES,
  ...unitDirectories,
  ...unitDirectories.map((directory) => `${directory}/multi-user.target.wants`),
  ...runlevels,
];

/** Reads the boot configuration, once until {@link BootReader.forget}. */
export class BootReader {
  private known: Promise<BootConfiguration> | null = null;

  /** `root` is put in front of every path that is read, none that is reported. */
  constructor(private readonly root = '') {}

  /** Never rejects for what the system looks like: that is what the configuration says. */
  read(): Promise<BootConfiguration> {
    this.known ??= readBootConfiguration(this.root);
    return this.known;
  }

  /** Forgets what was read, also what is being read now. */
  forget(): void {
    this.known = null;
  }
}

async function readBootConfiguration(root: string): Promise<BootConfiguration> {
  const services = await findServices(root);
  const [conf, { formats, steps, problems }] = await Promise.all([
    readConfFiles(root, services.includes('openrc') ? 'openrc' : 'systemd-binfmt'),
    readFormats(root),
  ]);
  const readsConf = services.includes('systemd-binfmt') || services.includes('openrc');
  const runsFormats = services.includes('binfmt-support');
  return {
    services,
    files: conf.files,
    formats,
    rules: registeredAfter([...(readsConf ? conf.steps : []), ...(runsFormats ? steps : [])]),
    problems: [...conf.problems, ...problems],
  };
}
