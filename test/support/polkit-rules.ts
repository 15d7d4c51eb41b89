import { execFileSync, spawnSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { user } from './ordinary-user.ts';

const FILE = '/etc/polkit-1/rules.d/00-qemu-binfmt-manager-test.rules';
const ACTION = 'org.freedesktop.policykit.exec';
const POLKIT = 'org.freedesktop.PolicyKit1';

/** What polkit answers when the tests' user wants to run something as root. */
export type Policy =
  /** Yes, without a question. */
  | 'granted'
  /** No, without a question. */
  | 'refused'
  /** Yes, to whoever types the user's own password. */
  | 'asks'
  /** What polkit answers where nobody made a rule. */
  | 'default';

const results: Readonly<Record<Exclude<Policy, 'default'>, string>> = {
  granted: 'YES',
  refused: 'NO',
  asks: 'AUTH_ADMIN',
};

/** Sets the policy; it holds when this returns. */
export async function setPolicy(policy: Policy): Promise<void> {
  if (policy === 'default') rmSync(FILE, { force: true });
  else writeFileSync(FILE, ruleFor(policy));
  await restartPolkit();
}

const ruleFor = (policy: Exclude<Policy, 'default'>): string => `
polkit.addRule(function (action, subject) {
  if (action.id === '${ACTION}' && subject.user === '${user.name}') return polkit.Result.${results[policy]};
});
polkit.addAdminRule(function () {
  return ['unix-user:${user.name}'];
});
`;

/** polkitd reads changed rules some time later; a new one has read them before it answers for the first time. */
async function restartPolkit(): Promise<void> {
  const running = polkitProcess();
  if (running !== null) {
    process.kill(running);
    while (polkitProcess() === running) {
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }
  // The bus starts it for whoever asks.
  execFileSync('pkaction', ['--action-id', ACTION]);
}

function polkitProcess(): number | null {
  const bus = 'org.freedesktop.DBus';
  const question = [
    '--system',
    '--print-reply=literal',
    `--dest=${bus}`,
    '/',
    `${bus}.GetConnectionUnixProcessID`,
  ];
  const { stdout } = spawnSync('dbus-send', [...question, `string:${POLKIT}`], { encoding: 'utf8' });
  const pid = /uint32 (\d+)/.exec(stdout)?.[1];
  return pid === undefined ? null : Number(pid);
}
