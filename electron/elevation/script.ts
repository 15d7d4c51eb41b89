import { encodeBytes } from '../binfmt/bytes.ts';
import { type Entry, fieldsTextOf } from '../binfmt/entry.ts';
import { entryNamesOf, type Operation, type Plan } from '../binfmt/operations.ts';
import { isPlacing, type Placing, placedPaths } from '../binfmt/placing.ts';
import { formatRegisterLine, type Registration } from '../binfmt/register-line.ts';
import { trialOf } from '../binfmt/trial.ts';
import { bootCommand, bootFunctions } from './boot-script.ts';
import { placeCommand, placeFunctions } from './place-script.ts';
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
# Where a relative interpreter that the kernel opens at once is looked for.
cd /
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
  local value=$1
  shift
  check_entry "$@" && write "$value" "$1"
}
check_entry() {
  require_binfmt_misc || return
  case $1 in '' | . | .. | */* | register | status) echo 'Not an entry'; return 1 ;; esac
  if [[ ! -f $directory/$1 ]]; then echo 'Entry is gone'; return 1; fi
  if [[ $# == 2 ]] && ! says "$1" "$2"; then echo 'Entry was changed'; return 1; fi
}
says() {
  local text
  IFS= read -r -d '' text < "$directory/$1"
  [[ $text == enabled$'\n'"$2" || $text == disabled$'\n'"$2" ]]
}
# In place of an entry of another name. Killed in between, both are there, and the new one comes first.
replace_other() {
  local line=$1
  shift
  check_entry "$@" && write "$line" register && write -1 "$1"
}
# In place of one of the same name: while it is being replaced the new one works under another.
replace_entry() {
  local line=$1 trial=$2 trial_line=$3
  shift 3
  check_entry "$@" || return
  [[ ! -f $directory/$trial ]] || write -1 "$trial"
  write "$trial_line" register || return
  if ! write -1 "$1"; then write -1 "$trial"; return 1; fi
  write "$line" register && write -1 "$trial"
}
mount_it() {
  [[ -d $directory ]] || /sbin/modprobe binfmt_misc || return
  is_binfmt_misc || /bin/mount -t binfmt_misc binfmt_misc "$directory"
}
${bootFunctions}${placeFunctions}`;

/**
 * A line of bash for each operation of a plan that has passed `problemOfPlan()`; throws on one that has not.
 * What `entries` say of an entry is what root must still find there: a prompt can stay open for long, and
 * somebody else may have changed it meanwhile.
 */
export function commandsOf(plan: Plan, entries: readonly Entry[]): readonly string[] {
  const readable = entries.filter((entry) => entry.kind !== 'unreadable');
  const expected = new Map(readable.map((entry) => [entry.name, fieldsTextOf(entry)]));
  const placings = placingsAwaited(plan);
  return plan.map((operation) => {
    const placing = placings.get(operation);
    const after = placing === undefined ? '' : `after_placing ${quote(placing.id)} `;
    const command = after + commandOf(operation, expected);
    // From here on it is what this plan made it.
    if (operation.kind === 'register' || operation.kind === 'unregister' || operation.kind === 'replace')
      for (const name of entryNamesOf(operation)) expected.delete(name);
    return command;
  });
}

/**
 * The operations that make no sense unless a placing before them was done: those that register its emulators, for
 * another one would be taken, and those that go on with what these have registered.
 */
function placingsAwaited(plan: Plan): ReadonlyMap<Operation, Placing> {
  const awaited = new Map<Operation, Placing>();
  const ofPath = new Map<string, Placing>();
  const ofEntry = new Map<string, Placing>();
  for (const operation of plan) {
    if (isPlacing(operation)) {
      for (const path of placedPaths(operation)) ofPath.set(path, operation);
      continue;
    }
    const registers = operation.kind === 'register' || operation.kind === 'replace';
    const placing = registers
      ? ofPath.get(operation.registration.interpreter)
      : entryNamesOf(operation)
          .map((name) => ofEntry.get(name))
          .find((one) => one !== undefined);
    if (placing === undefined) continue;
    awaited.set(operation, placing);
    for (const name of entryNamesOf(operation)) ofEntry.set(name, placing);
  }
  return awaited;
}

/** The script that carries out commands and reports on each, under the number of its place. */
export const scriptOf = (commands: readonly string[], token: string): string =>
  `${FIXED_PART}token=${quote(token)}\n\n${commands.map((command, index) => `carry_out ${index + 1} ${command}\n`).join('')}`;

/** The whole script for a plan, see {@link commandsOf}. */
export const buildScript = (plan: Plan, token: string, entries: readonly Entry[]): string =>
  scriptOf(commandsOf(plan, entries), token);

function commandOf(operation: Operation, expected: ReadonlyMap<string, string>): string {
  switch (operation.kind) {
    case 'register':
      return `register ${quote(lineOf(operation.registration))}`;
    case 'replace': {
      const { name, registration } = operation;
      const line = quote(lineOf(registration));
      if (name !== registration.name) return `replace_other ${line} ${entryAsKnown(name, expected)}`;
      const trial = trialOf(registration);
      const words = [line, quote(trial.name), quote(lineOf(trial)), entryAsKnown(name, expected)];
      return `replace_entry ${words.join(' ')}`;
    }
    case 'unregister':
      return `set_entry -1 ${entryAsKnown(operation.name, expected)}`;
    case 'enable':
      return `set_entry 1 ${entryAsKnown(operation.name, expected)}`;
    case 'disable':
      return `set_entry 0 ${entryAsKnown(operation.name, expected)}`;
    case 'switch-master':
      return `set_status ${operation.on ? 1 : 0}`;
    case 'mount':
      return 'mount_it';
    case 'set-boot-file':
      return bootCommand(operation);
    case 'place-interpreters':
    case 'unplace-interpreters':
      return placeCommand(operation);
  }
}

function lineOf(registration: Registration): string {
  const line = formatRegisterLine(registration);
  if (!line.ok) throw new RangeError(line.problem);
  return line.value;
}

/** The name and, where it is known, what root must still find under it. */
function entryAsKnown(name: string, expected: ReadonlyMap<string, string>): string {
  const fields = expected.get(name);
  return fields === undefined ? quote(name) : `${quote(name)} ${quote(fields)}`;
}

const quote = (text: string): string => shellQuote(encodeBytes(text));
