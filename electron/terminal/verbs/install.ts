import { formatSize } from '../../binfmt/format-size.ts';
import { previewInstallation } from '../../getting/preview-installation.ts';
import type { InstallProgress } from '../../install/distribution/install-progress.ts';
import {
  type InstallationObstacle,
  type InstallationPlan,
  planInstallation,
} from '../../install/distribution/plan-installation.ts';
import { complainOfElevation, openManager } from '../carry-out.ts';
import { interruptible } from '../give.ts';
import type { Terminal } from '../terminal.ts';
import { type Call, DONE, type ExitStatus, FAILED } from '../verb.ts';

/** `install`: QEMU’s emulators from the distribution. */
export async function run(call: Call): Promise<ExitStatus> {
  const { terminal, options } = call;
  const planned = await planInstallation();
  if (!planned.ok) return tellObstacle(planned.problem, terminal);
  const plan = planned.value;
  if (options['dry-run'] !== undefined) {
    const { script } = previewInstallation(plan);
    terminal.print([...describe(plan).map((line) => `# ${line}`), '', script].join('\n'));
    return DONE;
  }
  for (const line of describe(plan)) terminal.say(line);
  const manager = openManager(call);
  if (complainOfElevation(manager.elevation, call)) return FAILED;
  if (options.yes === undefined && terminal.canAsk && !(await terminal.confirm('Install it?'))) {
    terminal.complain('Nothing was changed.');
    return FAILED;
  }
  const end = await interruptible((signal) => manager.install(plan, signal, tellProgress(terminal, signal)));
  terminal.progress(null);
  if (!end.ok) {
    const { kind, reason } = end.problem;
    return complain({ sentence: reason, command: kind === 'dismissed' ? null : plan.command }, terminal);
  }
  const { outcome, sentence, command, lines } = end.value;
  if (outcome === 'done') {
    terminal.say(sentence);
    return DONE;
  }
  // What went wrong stands at the end.
  if (outcome === 'failed') for (const line of lines.slice(-MOST_LINES)) terminal.complain(`  ${line}`);
  return complain({ sentence, command }, terminal);
}

/** How much of what a package manager said is told where it failed. */
const MOST_LINES = 20;

function tellObstacle(obstacle: InstallationObstacle, terminal: Terminal): ExitStatus {
  if (obstacle.kind !== 'installed') return complain(obstacle, terminal);
  terminal.say(obstacle.sentence);
  return DONE;
}

/** Says why nothing was installed, and what to type instead. */
function complain(
  { sentence, command }: Pick<InstallationObstacle, 'sentence' | 'command'>,
  terminal: Terminal,
): ExitStatus {
  terminal.complain(command === null ? sentence : `${sentence} Type: ${command}`);
  return FAILED;
}

function describe({
  manager,
  packages,
  version,
  downloadBytes,
  installedBytes,
  registers,
}: InstallationPlan): readonly string[] {
  const sizes = [
    ...(downloadBytes === null ? [] : [`${formatSize(downloadBytes)} to fetch`]),
    ...(installedBytes === null ? [] : [`${formatSize(installedBytes)} on the disk`]),
  ];
  const size = sizes.length === 0 ? '' : `: ${sizes.join(', ')}`;
  return [`${packages.join(' ')} ${version}, with ${manager}${size}.`, registers];
}

/** Says each phase, and how far it is where somebody looks. */
function tellProgress(terminal: Terminal, signal: AbortSignal): (progress: InstallProgress) => void {
  let told: InstallProgress['phase'] = 'starting';
  const seeThrough = (): void => {
    if (told === 'installing') terminal.complain('What is being installed is seen through.');
  };
  signal.addEventListener('abort', seeThrough);
  return ({ phase, percent, lines }) => {
    const doing = doings[phase];
    if (phase !== told) {
      told = phase;
      terminal.progress(null);
      terminal.say(`${doing}…`);
    }
    const amount = percent === null ? '' : ` ${Math.floor(percent)} %`;
    // What is longer than the line could not be taken away again.
    terminal.progress(`${doing}${amount}  ${lines.at(-1) ?? ''}`.slice(0, (terminal.columns ?? 80) - 1));
  };
}

const doings: Readonly<Record<InstallProgress['phase'], string>> = {
  starting: 'Waiting for permission',
  refreshing: 'Fetching the lists of packages',
  fetching: 'Fetching',
  installing: 'Installing',
};
