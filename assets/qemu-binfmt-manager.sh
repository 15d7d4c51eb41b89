#!/bin/sh
# qemu-binfmt-manager: the window. With a word behind its name, and where there is no display, the command qemu-binfmt.
self=$(readlink -f -- "$0")
directory=${self%/*}

# What starts an AppImage says so, before all else, where users may not make what the sandbox is made of.
sandbox=
if [ "${1-}" = --no-sandbox ]; then
  sandbox=$1
  shift
fi

# What to type to start it again. An AppImage's own files are there while it runs, and for its user alone.
command=$0
if [ "${APPDIR-}" = "$directory" ]; then command=${APPIMAGE-}; fi
case $command in
  /*) QEMU_BINFMT_COMMAND=$command ;;
  *) QEMU_BINFMT_COMMAND=$self ;;
esac
export QEMU_BINFMT_COMMAND

case ${1-} in
  -h | --help)
    cat <<END
Usage: ${command##*/} [VERB…]

Opens the window. With a verb it is the command qemu-binfmt, without a display its list.
“${command##*/} help” lists the verbs.
END
    exit
    ;;
  -V | --version | [!-]*) exec "$directory/qemu-binfmt" "$@" ;;
esac

if [ -z "${DISPLAY-}${WAYLAND_DISPLAY-}" ]; then
  echo 'There is no display to open a window on (DISPLAY and WAYLAND_DISPLAY are not set), so here is the table alone.' >&2
  exec "$directory/qemu-binfmt" list "$@"
fi

# See SECURITY.md.
if [ "$(id -u)" = 0 ]; then
  echo 'For root Chromium has no sandbox: start the window as an ordinary user, and it asks when it needs root.' >&2
  sandbox=--no-sandbox
fi
if [ -n "$sandbox" ]; then set -- "$sandbox" "$@"; fi
# Older Electrons look for an X server unless told to look around.
if [ -z "${DISPLAY-}" ]; then set -- --ozone-platform-hint=auto "$@"; fi
# Set in the terminals of some editors, it would make Electron an ordinary Node.
unset ELECTRON_RUN_AS_NODE QEMU_BINFMT_COMMAND
exec "$directory/qemu-binfmt-manager.bin" "$@"
