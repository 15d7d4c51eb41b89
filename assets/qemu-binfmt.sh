#!/bin/sh
# qemu-binfmt: the program without its window, in the JavaScript engine that the window has too.
self=$(readlink -f -- "$0")
directory=${self%/*}

# What to type to start it again, as help and hints name it, unless what started this has said so.
case $0 in
  /*) : "${QEMU_BINFMT_COMMAND:=$0}" ;;
  *) : "${QEMU_BINFMT_COMMAND:=$self}" ;;
esac
export QEMU_BINFMT_COMMAND

ELECTRON_RUN_AS_NODE=1 exec "$directory/qemu-binfmt-manager.bin" "$directory/resources/app.asar/out/main/terminal.js" "$@"
