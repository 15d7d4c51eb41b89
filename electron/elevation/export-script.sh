#!/usr/bin/env bash
# Registers binary formats in the kernel's binfmt_misc. Written by QEMU Binfmt Manager; --help tells more.
#
# bash, because dash reports every failed write as an I/O error.
set -u
export LC_ALL=C
directory=/proc/sys/fs/binfmt_misc

usage() {
  cat << 'END'
Usage: bash register-formats.sh [--replace] [--dry-run] [--help]

Registers the binary formats listed at the end of this script in the kernel's
binfmt_misc, in their order, and disables those that were disabled. Mounts
binfmt_misc where it is not. Prints a line for each format; the exit status is
0 when each is registered as listed, and 1 otherwise.

  --replace  replace what is registered under the same names; without it, that
             is left alone and reported
  --dry-run  change nothing, print what would be done; needs no root
  --help     print this
END
}

replace=
dry_run=
for option; do
  case $option in
    --replace) replace=yes ;;
    --dry-run) dry_run=yes ;;
    --help)
      usage
      exit 0
      ;;
    *)
      printf 'There is no option %q.\n\n' "$option" >&2
      usage >&2
      exit 1
      ;;
  esac
done

status=0
tell() { printf '%q: %s\n' "$1" "$2"; }
fail() {
  tell "$@" >&2
  status=1
}

is_binfmt_misc() {
  # 42494e4d is BINFMTFS_MAGIC: a directory that somebody planted there is not written to.
  [[ $(stat --file-system --format=%t -- "$directory/." 2> /dev/null) == 42494e4d ]]
}

# The kernel wants a register line in one write, and the built-in printf writes line by line.
write_to() {
  case $2 in
    *$'\n'*) env printf %s "$2" > "$directory/$1" ;;
    *) printf %s "$2" > "$directory/$1" ;;
  esac
}

# The beginnings of this machine's own programs, in hex digits: of this bash, made the other kinds of program
# that there are, and of scripts.
own_heads=()
find_own_heads() {
  local head kinds kind abi line
  head=$(od -An -v -tx1 -N256 -- "$BASH" | tr -d ' \n')
  kinds='0200 0300'
  [[ ${head:10:2} == 02 ]] && kinds='0002 0003'
  for kind in $kinds; do
    for abi in 00 03; do
      own_heads+=("${head:0:14}$abi${head:16:16}$kind${head:36}")
    done
  done
  for line in '#!/bin/sh' '#!/bin/bash' '#!/usr/bin/env bash'; do
    own_heads+=("$(printf '%s\n' "$line" | od -An -v -tx1 | tr -d ' \n')")
  done
}

takes_own_programs() {
  local head
  for head in "${own_heads[@]}"; do
    if takes "$head" "$@"; then return 0; fi
  done
  return 1
}

takes() {
  local head=$1 offset=$2 magic=$3 mask=$4 index byte bits
  for ((index = 0; index < ${#magic}; index += 2)); do
    byte=${head:2 * offset + index:2}
    bits=${mask:index:2}
    if (((0x${byte:-00} ^ 0x${magic:index:2}) & 0x${bits:-ff})); then return 1; fi
  done
  return 0
}

# NAME enabled|disabled LINE TRIAL TRIAL_LINE FIELDS INTERPRETER [OFFSET MAGIC MASK]: TRIAL_LINE registers the same as
# TRIAL, and is empty where that cannot be; FIELDS is what the kernel will say of it; INTERPRETER is the program
# where the kernel opens it at once.
entry() {
  local name=$1 state=$2 line=$3 trial=$4 trial_line=$5 fields=$6 interpreter=$7 current='' error verb=registered
  shift 7
  if [[ -f $directory/$name ]]; then
    IFS= read -r -d '' current < "$directory/$name"
    if [[ ! $replace && $current == "$state"$'\n'"$fields" ]]; then
      tell "$name" 'is registered already'
      return
    fi
    if [[ ! $replace ]]; then
      fail "$name" 'left alone, the name is taken by a different entry (--replace would replace it)'
      return
    fi
    verb=replaced
  fi
  if [[ $# != 0 ]] && takes_own_programs "$@"; then
    fail "$name" "left out, it would take this machine's own programs, and nothing on it would start any more"
    return
  fi
  if [[ $interpreter && ! (-f $interpreter && -x $interpreter) ]]; then
    fail "$name" "left out, its interpreter $(printf %q "$interpreter") is not an executable file here"
    return
  fi
  [[ $state == disabled ]] && verb+=', disabled'
  if [[ $dry_run ]]; then
    tell "$name" "would be $verb"
    return
  fi
  if [[ $current ]]; then
    make_way "$name" "$trial_line" || return
  fi
  if ! error=$(write_to register "$line" 2>&1); then
    fail "$name" "refused by the kernel: ${error##*: }${current:+; what was to replace it is registered as $trial}"
    return
  fi
  if [[ $state == disabled ]] && ! error=$(write_to "$name" 0 2>&1); then
    fail "$name" "registered, but could not be disabled: ${error##*: }"
    return
  fi
  # Also one that is left of a replacement which was interrupted.
  if trial_says "$fields"; then write_to "$trial" -1; fi
  tell "$name" "$verb"
}

# While an entry is being replaced the new one works as $trial: there is always one that does, and one that the kernel
# refuses costs nothing.
make_way() {
  local name=$1 trial_line=$2 error
  if [[ ! $trial_line ]]; then
    fail "$name" 'left alone, what is to replace it cannot be tried before it goes'
    return 1
  fi
  [[ ! -f $directory/$trial ]] || write_to "$trial" -1
  if ! error=$(write_to register "$trial_line" 2>&1); then
    fail "$name" "left as it was, the new entry is refused by the kernel: ${error##*: }"
    return 1
  fi
  if ! error=$(write_to "$name" -1 2>&1); then
    fail "$name" "could not be removed: ${error##*: }"
    write_to "$trial" -1
    return 1
  fi
}

trial_says() {
  local text
  [[ -f $directory/$trial ]] || return
  IFS= read -r -d '' text < "$directory/$trial"
  [[ ${text#*$'\n'} == "$1" ]]
}

if [[ ! $dry_run && $EUID != 0 ]]; then
  echo 'Only root can register formats: run this with sudo, or with --dry-run.' >&2
  exit 1
fi
if ! is_binfmt_misc; then
  if [[ $dry_run ]]; then
    echo 'binfmt_misc would be mounted'
  elif { [[ -d $directory ]] || modprobe binfmt_misc; } && mount -t binfmt_misc binfmt_misc "$directory"; then
    echo 'binfmt_misc was not mounted, and is now'
  else
    echo 'binfmt_misc could not be mounted.' >&2
    exit 1
  fi
fi
find_own_heads
