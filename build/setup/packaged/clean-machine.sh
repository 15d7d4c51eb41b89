#!/usr/bin/env bash
# What clean-machine.mjs runs first on the machine it makes: changes to a clean root directory, then the command.
#   CLEAN_ROOT      the directory, which stays as it is
#   PACKAGE         the .deb to install
#   TEST_PROGRAMS   the directory that test-programs.mjs fills
#   REPOSITORY      of the tests
#   NODE            the Node.js to run them with
#   REPORT          the directory for what they report
set -eu

mount -t proc proc /proc
ip link set lo up

mount -t tmpfs -o mode=755 tmpfs /run
place=/run/qemu-binfmt-manager
mkdir -p "$place"/{changes,work,root}
root=$place/root
# Relative to the directory, for overlay gives `:` and `,` in a path a meaning.
cd "$CLEAN_ROOT"
mount -t overlay -o "userxattr,lowerdir=.,upperdir=$place/changes,workdir=$place/work" overlay "$root"

mount -t proc proc "$root/proc"
mount -t binfmt_misc binfmt_misc "$root/proc/sys/fs/binfmt_misc"
mount --rbind /dev "$root/dev"
mount --rbind /sys "$root/sys"
mount -t tmpfs -o mode=755 tmpfs "$root/run"
mount -t tmpfs -o mode=1777 tmpfs "$root/tmp"

# What drives the tests lies in /run, where nothing is installed.
mkdir -p "$root$place"/{repository,test-programs,report,home} "$root/tmp/.X11-unix"
mount --bind "$REPOSITORY" "$root$place/repository"
mount --bind "$TEST_PROGRAMS" "$root$place/test-programs"
mount --bind "$REPORT" "$root$place/report"
touch "$root$place/node" "$root$place/package.deb"
mount --bind "$NODE" "$root$place/node"
mount --bind "$PACKAGE" "$root$place/package.deb"
mount --bind /tmp/.X11-unix "$root/tmp/.X11-unix"
install -m 600 "$XAUTHORITY" "$root$place/Xauthority"
# QEMU, where people put what they have not from a package.
cd "$TEST_PROGRAMS/qemu/usr/bin"
mount -t overlay overlay -o "lowerdir=.:$root/usr/local/bin" "$root/usr/local/bin"

cd "$root"
mkdir run/before
pivot_root . run/before
cd /
umount --lazy /run/before
rmdir /run/before

cd "$place/repository"
# As after a login, nothing of this environment comes along. The command is not run in place of this shell: the first
# process of a machine takes care of those that lost their parents.
env --ignore-environment \
  PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LANG=C.UTF-8 ${CI:+CI="$CI"} \
  DISPLAY="$DISPLAY" XAUTHORITY="$place/Xauthority" TEST_PROGRAMS="$place/test-programs" \
  PACKAGE="$place/package.deb" INSTALLED_PROGRAM=/usr/bin/qemu-binfmt-manager \
  PLAYWRIGHT_JSON_OUTPUT_NAME="$place/report/report.json" PWTEST_CACHE_DIR="$place/report/cache" \
  "$place/node" build/setup/packaged/ordinary-machine.mjs "$@" && exit
