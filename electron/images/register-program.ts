/**
 * The part of the register program that is the same for every machine: see register-script.ts, which puts the tables
 * before it. POSIX sh; `echo` must not interpret escapes, as that of busybox does not.
 */

/** What `--help` shows. It uses the variables of the script that it becomes part of. */
export const usageFunction = `
usage() {
  cat << END
Registers QEMU's emulators with the kernel (binfmt_misc), for programs of other CPUs.
Run it in a privileged container:

    podman run --rm --privileged IMAGE [--reset] [OPTION...] [[--] TARGET...]

  --reset                        first remove all entries called qemu-*
  -p, --persistent yes|no        open the emulators now, so that they work in every container (default: no)
  -c, --credential yes|no        run set-user-ID programs with their rights (default: no)
  -g, --preserve-argv0 yes|no    hand argv[0] to the emulator (default: no)
  -Q, --qemu-path DIRECTORY      where the emulators are (default: $path)
  -F, --qemu-suffix SUFFIX       what their names end in (default: $suffix)
  -h, --help                     show this text

Targets, all where none is named: $targets
END
}
`;

/** Everything after the tables: reading the options, checking, mounting, removing and registering. */
export const program = `
say() { printf 'register: %s\\n' "$*" >&2; }
fail() { say "$@"; exit 1; }
# What the kernel said last in a message of the shell: "sh: write error: File exists".
reason() { printf %s "\${1##*: }"; }

# Whether there is no entry: besides them there are register and status.
is_empty() { set +f; set -- "$directory"/*; set -f; [ $# -eq 2 ]; }

reset=no persistent=no credential=no preserve_argv0=no selected=
path=\${QEMU_BIN_DIR:-/usr/bin} suffix=-static

select_target() {
  case $1 in
    '' | *[!a-z0-9_]*) fail 'That is not the name of a target. See --help for the names.' ;;
  esac
  case " $own " in
    *" $1 "*) fail "Programs for $1 are run by this machine itself; registered, they would stop every program on it." ;;
  esac
  case " $targets " in
    *" $1 "*) selected="$selected $1" ;;
    *) fail "There is no target called $1. There are: $targets" ;;
  esac
}

while [ $# -gt 0 ]; do
  option=$1
  shift
  case $option in
    --) break ;;
    --*=*) set -- "\${option#*=}" "$@"; option=\${option%%=*} ;;
    -[pcgiQF]?*) set -- "\${option#-?}" "$@"; option=\${option%"\${option#-?}"} ;;
  esac
  case $option in
    -p | --persistent | -c | --credential | -g | --preserve-argv0 | -i | --ignore-family)
      case \${1-} in
        yes | no) ;;
        *) fail "$option needs yes or no behind it." ;;
      esac ;;
    -Q | --qemu-path | -F | --qemu-suffix) [ $# -gt 0 ] || fail "$option needs a value behind it." ;;
  esac
  case $option in
    --reset) reset=yes ;;
    -p | --persistent) persistent=$1; shift ;;
    -c | --credential) credential=$1; shift ;;
    -g | --preserve-argv0) preserve_argv0=$1; shift ;;
    -Q | --qemu-path) path=\${1%/}; shift ;;
    -F | --qemu-suffix) suffix=$1; shift ;;
    -h | --help) usage; exit 0 ;;
    -d | --debian | -s | --systemd | -e | --exportdir)
      fail "$option writes files for a distribution; this image only registers with the kernel that runs." ;;
    -i | --ignore-family)
      [ "$1" = no ] || fail "$option yes is not offered: a container cannot see which programs of its own family this" \\
        'machine runs itself, and emulators of those would stop every one of them. On the machine itself there is' \\
        'qemu-binfmt register --ignore-family yes.'
      shift ;;
    -*) fail 'There is no such option. See --help for those there are.' ;;
    *) select_target "$option" ;;
  esac
done
while [ $# -gt 0 ]; do
  select_target "$1"
  shift
done
case $path$suffix in
  *:*) fail 'A colon separates the fields of a registration: it cannot be in --qemu-path or --qemu-suffix.' ;;
  /*) ;;
  *) fail '--qemu-path must be an absolute path.' ;;
esac

if [ "$persistent" = yes ] && [ -z "$selected" ]; then
  # The kernel opens them now: those that are not in this image cannot be meant.
  for target in $targets; do
    look_up "$target"
    [ -e "$path/qemu-$emulator$suffix" ] && selected="$selected $target"
  done
  [ -n "$selected" ] ||
    fail "--persistent needs the emulators, and this image has none ($path/qemu-*$suffix). Take the image latest."
fi

machine=$(uname -m)
# Where this image itself is emulated, uname tells the emulated machine, and this file (Linux 6.1) the real one.
[ -r /proc/sys/kernel/arch ] && read -r machine < /proc/sys/kernel/arch
is_host "$machine" || fail "This image is for $host and this machine is $machine. Take the image made for $machine."

[ -d "$directory" ] || fail 'The kernel has no binfmt_misc. On the host, as root: modprobe binfmt_misc'
is_new=no
if [ ! -e "$directory/register" ]; then
  before=$(date +%s)
  message=$(mount -t binfmt_misc binfmt_misc "$directory" 2>&1) ||
    fail "binfmt_misc could not be mounted ($(reason "$message")). Start the container as root and with --privileged."
  # This mount is the first one if all in it is from just now; writing to a file there makes that look new as well.
  made=$(stat -c %Y "$directory/status" 2> /dev/null) && [ "$made" -ge "$before" ] && is_empty && is_new=yes
fi
message=$( { : > "$directory/register"; } 2>&1 ) ||
  fail "$directory cannot be written to ($(reason "$message")). Start the container as root and with --privileged."

read -r _ _ ids < /proc/self/uid_map
if [ "$ids" != 4294967295 ]; then
  say 'Note: this container has a user namespace of its own, as rootless containers do. From Linux 6.7 on what is' \\
    'registered here holds in that namespace only. For the whole machine start the container as root.'
fi
if [ "$is_new" = yes ]; then
  say 'Note: binfmt_misc is mounted in this container alone. From Linux 6.7 on what is registered here ends with it.' \\
    'On the host, as root: mount -t binfmt_misc binfmt_misc /proc/sys/fs/binfmt_misc'
fi

status=0
if [ "$reset" = yes ]; then
  set +f
  for file in "$directory"/qemu-*; do
    [ -e "$file" ] || continue
    if ! message=$( { echo -1 > "$file"; } 2>&1 ); then
      say "$(printf %s "\${file##*/}" | tr -c ' -~' '?') could not be removed: $(reason "$message")"
      status=1
    fi
  done
  set -f
fi

flags=
[ "$credential" = yes ] && flags=OC
[ "$persistent" = yes ] && flags=\${flags}F
[ "$preserve_argv0" = yes ] && flags=\${flags}P

registered= present=
for target in \${selected:-$targets}; do
  look_up "$target"
  interpreter=$path/qemu-$emulator$suffix
  if message=$( { echo ":qemu-$target:M::$pattern:$interpreter:$flags" > "$directory/register"; } 2>&1 ); then
    registered="$registered $target"
    continue
  fi
  status=1
  case $message in
    *'File exists') present="$present $target" ;;
    *'No such file or directory') say "qemu-$target: $interpreter is not in this image. Take the image latest, or leave out -p." ;;
    *'Permission denied') say "qemu-$target: $interpreter may not be executed, or this container may not register." ;;
    *'Invalid argument') say "qemu-$target: the kernel does not accept it. It may be too old for the flags ($flags)." ;;
    *) say "qemu-$target was not registered: $(reason "$message")" ;;
  esac
done
[ -n "$present" ] && say "Registered already, and left as they are:$present. With --reset they are removed first."
[ -n "$registered" ] && echo "Registered, with the flags ($flags):$registered"
read -r state < "$directory/status"
[ "$state" = enabled ] || say "binfmt_misc is switched off: nothing runs until, on the host, 1 is written to $directory/status."
exit $status
`;
