import { encodeBytes } from '../binfmt/bytes.ts';
import { INTERPRETER_DIRECTORY, type Placing } from '../binfmt/placing.ts';
import { shellQuote } from './shell-quote.ts';

const DATA_DIRECTORY = '/var/lib/qemu-binfmt-manager';

/**
 * Where what emulators replaced is kept for taking back. Who knows a placing's number may see whether it is kept;
 * nobody but root can list it, or look into it.
 */
export const KEPT_DIRECTORY = `${DATA_DIRECTORY}/replaced`;

/** How many placings can be taken back: each may keep 400 MB. */
const MOST_KEPT = 3;

/**
 * The functions of bash for placing emulators, part of what root executes.
 *
 *     place_interpreters ID DIRECTORY NAME SHA256 SIZE MTIME…     unplace_interpreters ID     after_placing ID COMMAND…
 *
 * The third carries out a command only if what the first or the second of this number had to do was done.
 *
 * The files come from a directory that its owner can change at any moment. So each is first copied to a place of
 * root's, without following a link or waiting at a pipe and no more of it than it should have; only the copy is
 * looked at. Copies come into their places by rename(2), when all of them are complete and on the disk.
 *
 * A directory tells how far it is, and changes by rename(2), too:
 *
 *     preparing   nothing has changed yet
 *     placing     the new ones are coming into their places; what they replace is in here
 *     ID          all are in their places, and this is kept for taking back
 *     restoring   the old ones are coming back
 *
 * Whoever comes next finishes what was interrupted: `preparing` is forgotten, `placing` and `restoring` lead back
 * to the old ones, but for a `placing` whose new ones are all in their places. A program that is not the one that was put there is never touched.
 */
export const placeFunctions = String.raw`
interpreters=${INTERPRETER_DIRECTORY}
kept=${KEPT_DIRECTORY}
placing_lock= placings_done= interrupted=
place_interpreters() {
  local id=$1 from=$2 name sha256 size mtime temporary
  shift 2
  begin_placing "$id" && /bin/mkdir -m 0700 -- "$kept/preparing" "$kept/preparing/old" &&
    printf %s "$id" > "$kept/preparing/id" || return
  while (($# >= 4)); do
    name=$1 sha256=$2 size=$3 mtime=$4
    shift 4
    is_interpreter_name "$name" || return
    temporary=$interpreters/.qemu-binfmt-manager.$name
    copy_interpreter "$from/$name" "$temporary" "$sha256" "$size" "$mtime" && keep_old "$name" || { forget; return 1; }
    printf '%s %s\n' "$sha256" "$name" >> "$kept/preparing/names" || { forget; return 1; }
  done
  /bin/sync -- "$kept/preparing/names" "$kept/preparing/old" && /bin/mv -T -- "$kept/preparing" "$kept/placing" &&
    /bin/sync -- "$kept" || { forget; return 1; }
  while read -r sha256 name; do
    temporary=$interpreters/.qemu-binfmt-manager.$name
    /bin/mv -fT -- "$temporary" "$interpreters/$name" && continue
    forget
    restore "$kept/placing"
    return 1
  done < "$kept/placing/names"
  finish_placing && placings_done+=" $id"
}
unplace_interpreters() {
  local id=$1
  begin_placing "$id" || return
  if [[ -d $kept/$id ]]; then
    if ! has_all "$kept/$id"; then echo 'Interpreter was changed'; return 1; fi
    /bin/mv -T -- "$kept/$id" "$kept/restoring" && restore "$kept/restoring" || return
  elif [[ $interrupted != "$id" ]]; then
    echo 'Nothing is kept'
    return 1
  fi # Else what was interrupted led back to the old ones just now.
  placings_done+=" $id"
}
after_placing() {
  if [[ $placings_done != *" $1"* ]]; then echo 'Placing failed'; return 1; fi
  shift
  "$@"
}
begin_placing() {
  if [[ ! $1 =~ ^[0-9a-f]{32}$ ]]; then echo 'Not a number'; return 1; fi
  /bin/mkdir -p -m 0755 -- "$interpreters" ${DATA_DIRECTORY} && /bin/mkdir -p -m 0711 -- "$kept" || return
  # Held until the script ends; nobody else may open it, and hold it.
  if [[ ! $placing_lock ]]; then
    ( umask 077; : >> "$kept/.lock" ) && exec {placing_lock}< "$kept/.lock" || return
    /usr/bin/flock "$placing_lock" || return
  fi
  forget
  interrupted=$(/bin/cat -- "$kept/placing/id" "$kept/restoring/id" 2> /dev/null)
  if [[ ! -d $kept/placing ]]; then restore "$kept/restoring"
  elif has_all "$kept/placing"; then finish_placing
  else restore "$kept/placing"
  fi
}
has_all() {
  local sha256 name
  while read -r sha256 name; do
    is "$interpreters/$name" "$sha256" || return
  done < "$1/names"
}
finish_placing() {
  /bin/sync -- "$interpreters" && /bin/mv -T -- "$kept/placing" "$kept/$(< "$kept/placing/id")" &&
    /bin/sync -- "$kept" && forget_oldest
}
is_interpreter_name() {
  [[ $1 =~ ^qemu-[a-z0-9_]+(-static)?$ ]] && return
  echo 'Not the name of an emulator'
  forget
  return 1
}
is() { [[ -f $1 && ! -L $1 && $(/usr/bin/sha256sum < "$1") == "$2  -" ]]; }
copy_interpreter() {
  local mebibyte=1048576
  if [[ -L $1 || ! -f $1 ]]; then echo 'Source was changed'; return 1; fi
  # One block more than it should have: what is longer is another file.
  ( umask 077; set -o noclobber; : > "$2" ) && /bin/dd if="$1" of="$2" bs="$mebibyte" count="$(($4 / mebibyte + 1))" \
    iflag=nofollow,nonblock,fullblock oflag=nofollow conv=notrunc status=none || return
  if ! is "$2" "$3"; then echo 'Source was changed'; return 1; fi
  /bin/chown 0:0 -- "$2" && /bin/chmod 0755 -- "$2" && /bin/touch -d "@$5" -- "$2" && /bin/sync -- "$2"
}
keep_old() {
  local present=$interpreters/$1
  [[ -e $present || -L $present ]] || return 0
  if [[ ! -L $present && ! -f $present ]]; then echo 'Not a file'; return 1; fi
  /bin/cp -a --no-target-directory -- "$present" "$kept/preparing/old/$1" || return
  [[ -L $present ]] || /bin/sync -- "$kept/preparing/old/$1"
}
# What has not begun, and copies that are in no place.
forget() { /bin/rm -rf -- "$kept/preparing" "$interpreters"/.qemu-binfmt-manager.*; }
restore() {
  local sha256 name temporary
  [[ -d $1 ]] || return 0
  while read -r sha256 name; do
    is "$interpreters/$name" "$sha256" || continue
    temporary=$interpreters/.qemu-binfmt-manager.$name
    if [[ ! -e $1/old/$name && ! -L $1/old/$name ]]; then
      /bin/rm -f -- "$interpreters/$name" || return
    elif ! is "$1/old/$name" "$sha256"; then
      /bin/cp -a --no-target-directory -- "$1/old/$name" "$temporary" || return
      [[ -L $temporary ]] || /bin/sync -- "$temporary" || return
      /bin/mv -fT -- "$temporary" "$interpreters/$name" || return
    fi
  done < "$1/names"
  /bin/sync -- "$interpreters" && /bin/rm -rf -- "$1"
}
forget_oldest() {
  local number=0 one
  while read -r one; do
    [[ $one =~ ^[0-9a-f]{32}$ ]] || continue
    number=$((number + 1))
    ((number <= ${MOST_KEPT})) || /bin/rm -rf -- "$kept/$one"
  done < <(/bin/ls -t -- "$kept")
}
`;

/** The line of bash for the operation, for a script that has {@link placeFunctions}. */
export function placeCommand(operation: Placing): string {
  const { id, files } = operation;
  const words =
    operation.kind === 'place-interpreters'
      ? [
          'place_interpreters',
          id,
          operation.from,
          ...files.flatMap(({ name, sha256, size, mtime }) => [name, sha256, String(size), String(mtime)]),
        ]
      : ['unplace_interpreters', id];
  const [command = '', ...data] = words;
  return [command, ...data.map((word) => shellQuote(encodeBytes(word)))].join(' ');
}
