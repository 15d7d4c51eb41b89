#!/usr/bin/env bash
# What clean-machine.mjs runs first on the machine it makes: changes to a clean root directory, then the command.
#   CLEAN_ROOT      the directory, which stays as it is
#   TEST_PROGRAMS   the directory that test-programs.mjs fills
#   PACKAGE         the .deb to install
#   NODE            the Node.js to run the tests with
set -eu

# By then the users are there. A program started from here on has root's rights on this machine.
read -r
exec bash -eu -c '
mount -t proc proc /proc
ip link set lo up

mount -t tmpfs -o mode=755 tmpfs /run
place=/run/qemu-binfmt-manager
mkdir -p "$place"/{changes,work,root}
root=$place/root
# Relative to the directory, for overlay gives `:` and `,` in a path a meaning.
cd "$CLEAN_ROOT"
mount -t overlay -o "lowerdir=.,upperdir=$place/changes,workdir=$place/work" overlay "$root"

mount -t proc proc "$root/proc"
mount -t binfmt_misc binfmt_misc "$root/proc/sys/fs/binfmt_misc"
mount --rbind /dev "$root/dev"
mount --rbind /sys "$root/sys"
mount -t tmpfs -o mode=755 tmpfs "$root/run"
mount -t tmpfs -o mode=1777 tmpfs "$root/tmp"

# What drives the tests: none of it is on the path, and none in a place where programs are installed.
mkdir -p "$root$place"/{repository,test-programs,home,tmp} "$root/tmp/.X11-unix"
chmod 1777 "$root$place/tmp"
mount --bind "$REPOSITORY" "$root$place/repository"
mount --bind "$TEST_PROGRAMS" "$root$place/test-programs"
for file in "$NODE node" "$PACKAGE package.deb"; do
  touch "$root$place/${file##* }"
  mount --bind "${file% *}" "$root$place/${file##* }"
done
mount --bind /tmp/.X11-unix "$root/tmp/.X11-unix"
install -m 600 "$XAUTHORITY" "$root$place/Xauthority"
# QEMU, in the place where a person puts their own.
cd "$TEST_PROGRAMS/qemu/usr/bin"
mount -t overlay overlay -o "lowerdir=.:$root/usr/local/bin" "$root/usr/local/bin"

cd "$root"
mkdir run/before
pivot_root . run/before
cd /
umount --lazy /run/before
rmdir /run/before

cd "$place/repository"
export XAUTHORITY=$place/Xauthority TEST_PROGRAMS=$place/test-programs PACKAGE=$place/package.deb NODE=$place/node
export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root TMPDIR=$place/tmp
# Not in place of this shell: the first process of a machine takes care of those that lost their parents.
"$NODE" build/setup/packaged/ordinary-machine.mjs "$@" && exit
' clean-machine "$@" < /dev/null
