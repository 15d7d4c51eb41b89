import { encodeBytes } from '../../binfmt/bytes.ts';
import type { PackageManager } from '../../binfmt/distribution.ts';
import { shellQuote } from '../../elevation/shell-quote.ts';
import { APT_OPTIONS } from './apt.ts';
import { programs } from './programs.ts';

/** Where root writes what is going on, for the window to follow: nobody else can write there. */
const LOG_DIRECTORY = '/run/qemu-binfmt-manager';

/** The file that the script of this token writes while it runs, and removes at its end. */
export const installationLog = (token: string): string => `${LOG_DIRECTORY}/installation-${token}`;

/** The command that fetches packages, the one that installs them, and the one that fetches the lists of packages anew. */
interface Commands {
  /** Can be ended at any moment; null where fetching is no step of its own. */
  readonly fetch: readonly string[] | null;
  /** What ends fetching. */
  readonly signal: 'TERM' | 'HUP';
  readonly install: readonly string[];
  /** Done when the lists prove to be old. Null where it must not be done alone, or is done anyway. */
  readonly refresh: readonly string[] | null;
}

// Lines about its progress come on descriptor 3 (APT::Status-Fd; apt's README.progress-reporting).
const apt = [
  programs.apt,
  '--quiet',
  '--option=APT::Status-Fd=3',
  '--option=DPkg::Lock::Timeout=60',
  '--option=Dpkg::Use-Pty=0',
] as const;
const aptInstall = [...apt, 'install', ...APT_OPTIONS, '--option=Dpkg::Options::=--force-confold'] as const;
const dnf = [programs.dnf, '--assumeyes', '--setopt=install_weak_deps=False', 'install'] as const;
const zypper = [programs.zypper, '--non-interactive', 'install', '--no-recommends'] as const;

const commandsOf: Readonly<Record<PackageManager, Commands>> = {
  apt: {
    fetch: [...aptInstall, '--download-only'],
    signal: 'TERM',
    install: aptInstall,
    refresh: [...apt, 'update'],
  },
  dnf: { fetch: [...dnf, '--downloadonly'], signal: 'TERM', install: dnf, refresh: null },
  pacman: {
    fetch: [programs.pacman, '-S', '--downloadonly', '--noconfirm', '--needed'],
    // At SIGTERM it would leave its lock, which is in everybody's way from then on.
    signal: 'HUP',
    install: [programs.pacman, '-S', '--noconfirm', '--needed'],
    refresh: null,
  },
  zypper: { fetch: [...zypper, '--download-only'], signal: 'TERM', install: zypper, refresh: null },
  // It keeps what it fetches only where somebody has set up a cache (apk-cache(5)), and installs each package at once.
  apk: { fetch: null, signal: 'TERM', install: [programs.apk, '--update-cache', 'add'], refresh: null },
};

/**
 * What root executes. Fetching and installing are two commands: the first can be ended at any moment and leaves
 * nothing half done, the second is left alone whatever happens to this program or its terminal. What the tools say
 * goes to standard output and into a file of root's, for sudo-prompt hands over nothing before the end.
 * Reports are `TOKEN phase NAME` and `TOKEN end done|cancelled|failed`.
 *
 * To cancel, the user makes the file `stop`; root only looks whether it is there.
 */
const FIXED_PART = String.raw`set -u
export PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C DEBIAN_FRONTEND=noninteractive NEEDRESTART_SUSPEND=1
cd /
exec 2>&1
# Who listens may go away; that must not end a package manager at its work. Handlers, which children do not inherit.
trap : PIPE HUP INT TERM
umask 022
/bin/mkdir -p -- ${LOG_DIRECTORY}
log= is_stale=
finish() { [[ ! $log ]] || /bin/rm -f -- "$log"; }
trap finish EXIT
say() {
  printf '%s\n' "$1" 2> /dev/null
  [[ ! $log ]] || printf '%s\n' "$1" >> "$log"
}
report() { say "$token $1 $2"; }
# Runs a command in a session of its own, so that no signal of a terminal reaches it. Cancelling sends it a signal, or
# has no effect with none. Fails with 130 when cancelled.
follow() {
  local signal=$1 output pid line= part status
  shift
  # Standard input may be where bash has this script from.
  exec {output}< <(exec /usr/bin/setsid "$@" 2>&1 3>&1 < /dev/null)
  pid=$!
  while :; do
    part=
    IFS= read -r -t 0.3 part <&"$output"
    status=$?
    line=$line$part
    # Above 128 there was nothing to read for a while, else it is the end.
    if ((status == 0)); then
      say "$line"
      case $line in *' 404 '* | *'Failed to fetch'* | *'Unable to locate'* | *'no installation candidate'*) is_stale=yes ;; esac
      line=
    elif ((status <= 128)); then
      break
    fi
    if [[ $signal != none && -e $stop ]]; then
      kill "-$signal" -- "-$pid"
      wait "$pid"
      exec {output}<&-
      return 130
    fi
  done
  exec {output}<&-
  [[ ! $line ]] || say "$line"
  wait "$pid"
}
end() {
  case $1 in
    0) report end done ;;
    130) report end cancelled ;;
    *) report end failed ;;
  esac
  exit
}
`;

export interface InstallScriptData {
  /** New each time, 32 hex digits: no package can imitate a report. */
  readonly token: string;
  /** A file that does not exist; when it does, fetching ends. */
  readonly stop: string;
}

/** The script that installs what was planned. */
export function installScript(
  { manager, packages }: { readonly manager: PackageManager; readonly packages: readonly string[] },
  { token, stop }: InstallScriptData,
): string {
  const { fetch, signal, install, refresh } = commandsOf[manager];
  const words = (command: readonly string[]): string => command.map(quote).join(' ');
  const withPackages = (command: readonly string[]): string => words([...command, ...packages]);
  const steps =
    fetch === null
      ? []
      : [
          'report phase fetching',
          `follow ${signal} ${withPackages(fetch)}`,
          'status=$?',
          ...(refresh === null
            ? []
            : [
                'if ((status != 0 && status != 130)) && [[ $is_stale ]]; then',
                '  report phase refreshing',
                `  follow ${signal} ${words(refresh)}`,
                '  (($? != 130)) || end 130',
                '  report phase fetching',
                `  follow ${signal} ${withPackages(fetch)}`,
                '  status=$?',
                'fi',
              ]),
          '((status == 0)) || end "$status"',
          '[[ ! -e $stop ]] || end 130',
        ];
  return [
    `${FIXED_PART}token=${quote(token)}`,
    `stop=${quote(stop)}`,
    `log=${quote(installationLog(token))}`,
    ...steps,
    'report phase installing',
    `follow none ${withPackages(install)}`,
    'end $?',
    '',
  ].join('\n');
}

const quote = (text: string): string => shellQuote(encodeBytes(text));
