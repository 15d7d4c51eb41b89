import { encodeBytes } from '../binfmt/bytes.ts';
import type { Operation, Plan } from '../binfmt/operations.ts';
import { formatRegisterLine } from '../binfmt/register-line.ts';
import { shellQuote } from './shell-quote.ts';

/**
 * What root executes: always the same functions, and one line of data for each operation. It reports with
 * `TOKEN NUMBER begin` and `TOKEN NUMBER done|failed`, whatever the tools said in between; the token is
 * new each time, so that no name can imitate a report.
 *
 * bash, because dash reports every failed write as an I/O error. Its built-in printf writes line by line and
 * the kernel wants a register line in one write, so a line that holds a line break goes through printf(1).
 */
const FIXED_PART = String.raw`set -u
export PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C
exec 2>&1
directory=/proc/sys/fs/binfmt_misc

verified=
is_binfmt_misc() {
  [[ $verified ]] && return
  # 42494e4d is BINFMTFS_MAGIC: a directory that somebody planted there is not written to.
  [[ $(/usr/bin/stat --file-system --format=%t -- "$directory/.") == 42494e4d ]] && verified=yes
}
write() {
  case $1 in
    *$'\n'*) /usr/bin/printf %s "$1" > "$directory/$2" ;;
    *) printf %s "$1" > "$directory/$2" ;;
  esac
}
report() { printf '\n%s %s %s\n' "$token" "$1" "$2"; }
carry_out() {
  local number=$1
  shift
  report "$number" begin
  if "$@"; then report "$number" done; else report "$number" failed; fi
}
require_binfmt_misc() {
  is_binfmt_misc && return
  echo 'Not a binfmt_misc file system'
  return 1
}
register() { require_binfmt_misc && write "$1" register; }
set_status() { require_binfmt_misc && write "$1" status; }
set_entry() {
  require_binfmt_misc || return
  case $2 in '' | . | .. | */* | register | status) echo 'Not an entry'; return 1 ;; esac
  if [[ ! -f $directory/$2 ]]; then echo 'Entry is gone'; return 1; fi
  write "$1" "$2"
}
mount_it() {
  [[ -d $directory ]] || /sbin/modprobe binfmt_misc || return
  is_binfmt_misc || /bin/mount -t binfmt_misc binfmt_misc "$directory"
}
`;

/** Longer scripts would not fit into one argument of a command, in base64 (MAX_ARG_STRLEN, 128 KiB). */
export const LONGEST_SCRIPT = 90_000;

/** The script for a plan that has passed `problemOfPlan()`; throws on one that has not. */
export function buildScript(plan: Plan, token: string): string {
  const lines = plan.map((operation, index) => `carry_out ${index + 1} ${commandOf(operation)}`);
  return `${FIXED_PART}token=${shellQuote(encodeBytes(token))}\n\n${lines.join('\n')}\n`;
}

function commandOf(operation: Operation): string {
  switch (operation.kind) {
    case 'register': {
      const line = formatRegisterLine(operation.registration);
      if (!line.ok) throw new RangeError(line.problem);
      return `register ${shellQuote(encodeBytes(line.value))}`;
    }
    case 'unregister':
      return setEntry(operation.name, '-1');
    case 'enable':
      return setEntry(operation.name, '1');
    case 'disable':
      return setEntry(operation.name, '0');
    case 'switch-master':
      return `set_status ${operation.on ? 1 : 0}`;
    case 'mount':
      return 'mount_it';
  }
}

const setEntry = (name: string, value: '-1' | '0' | '1'): string =>
  `set_entry ${value} ${shellQuote(encodeBytes(name))}`;
