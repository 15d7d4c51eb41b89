import { encodeBytes } from '../binfmt/bytes.ts';
import { type Entry, fieldsTextOf } from '../binfmt/entry.ts';
import { entryNameOfOperation, type Operation, type Plan } from '../binfmt/operations.ts';
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
  if [[ $# == 3 ]] && ! says "$2" "$3"; then echo 'Entry was changed'; return 1; fi
  write "$1" "$2"
}
says() {
  local text
  IFS= read -r -d '' text < "$directory/$1"
  [[ $text == enabled$'\n'"$2" || $text == disabled$'\n'"$2" ]]
}
mount_it() {
  [[ -d $directory ]] || /sbin/modprobe binfmt_misc || return
  is_binfmt_misc || /bin/mount -t binfmt_misc binfmt_misc "$directory"
}
`;

/** Longer scripts would not fit into one argument of a command, in base64 (MAX_ARG_STRLEN, 128 KiB). */
export const LONGEST_SCRIPT = 90_000;

/**
 * A line of bash for each operation of a plan that has passed `problemOfPlan()`; throws on one that has not.
 * What `entries` say of an entry is what root must still find there: a prompt can stay open for long, and
 * somebody else may have changed it meanwhile.
 */
export function commandsOf(plan: Plan, entries: readonly Entry[]): readonly string[] {
  const readable = entries.filter((entry) => entry.kind !== 'unreadable');
  const expected = new Map(readable.map((entry) => [entry.name, fieldsTextOf(entry)]));
  return plan.map((operation) => {
    const command = commandOf(operation, expected);
    // From here on it is what this plan made it.
    const name = entryNameOfOperation(operation);
    if (name !== null && (operation.kind === 'register' || operation.kind === 'unregister'))
      expected.delete(name);
    return command;
  });
}

/** The script that carries out commands and reports on each, under the number of its place. */
export const scriptOf = (commands: readonly string[], token: string): string =>
  `${FIXED_PART}token=${quote(token)}\n\n${commands.map((command, index) => `carry_out ${index + 1} ${command}\n`).join('')}`;

/** The whole script for a plan, see {@link commandsOf}. */
export const buildScript = (plan: Plan, token: string, entries: readonly Entry[]): string =>
  scriptOf(commandsOf(plan, entries), token);

function commandOf(operation: Operation, expected: ReadonlyMap<string, string>): string {
  switch (operation.kind) {
    case 'register': {
      const line = formatRegisterLine(operation.registration);
      if (!line.ok) throw new RangeError(line.problem);
      return `register ${quote(line.value)}`;
    }
    case 'unregister':
      return setEntry('-1', operation.name, expected);
    case 'enable':
      return setEntry('1', operation.name, expected);
    case 'disable':
      return setEntry('0', operation.name, expected);
    case 'switch-master':
      return `set_status ${operation.on ? 1 : 0}`;
    case 'mount':
      return 'mount_it';
  }
}

function setEntry(value: '-1' | '0' | '1', name: string, expected: ReadonlyMap<string, string>): string {
  const fields = expected.get(name);
  return `set_entry ${value} ${quote(name)}${fields === undefined ? '' : ` ${quote(fields)}`}`;
}

const quote = (text: string): string => shellQuote(encodeBytes(text));
