#!/usr/bin/env bash
# Starts Electron as the tests' ordinary user. Nothing of root's environment comes along.
set -eu

mapfile -t variables < <(printf %s "${USER_VARIABLES:-}")
exec setpriv ${NO_NEW_PRIVS:+--no-new-privs} --reuid="$TEST_USER" --regid="$TEST_USER" --init-groups \
  env --ignore-environment --chdir="$TEST_HOME" \
  HOME="$TEST_HOME" USER="$TEST_USER" LOGNAME="$TEST_USER" SHELL=/bin/bash LANG=C.UTF-8 \
  PATH=/usr/local/bin:/usr/bin:/bin TMPDIR="$TEST_HOME/tmp" XDG_RUNTIME_DIR="/run/user/$(id -u "$TEST_USER")" \
  DISPLAY="$DISPLAY" XAUTHORITY="$TEST_HOME/.Xauthority" "${variables[@]}" \
  "$ELECTRON_PATH" "$@"
