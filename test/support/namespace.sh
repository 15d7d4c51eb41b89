#!/usr/bin/env bash
# Runs a command with a binfmt_misc of its own and the real QEMU, leaving the machine's registrations alone:
#   unshare -Urm --propagation private bash test/support/namespace.sh COMMAND…
# TEST_PROGRAMS names the directory that build/setup/test-programs.mjs fills.
set -eu

mount -t binfmt_misc binfmt_misc /proc/sys/fs/binfmt_misc

# A QEMU installed on the machine would be found too, and make results differ from one machine to the next.
for installed in /usr/bin/qemu-* /usr/libexec/qemu-binfmt/*; do
  if [ -f "$installed" ]; then
    mount --bind /dev/null "$installed"
  fi
done

# Relative to the directory, for overlay gives `:` and `,` in a path a meaning.
(
  cd "$TEST_PROGRAMS/qemu/usr/bin"
  mount -t overlay overlay -o lowerdir=.:/usr/local/bin /usr/local/bin
)

exec "$@"
