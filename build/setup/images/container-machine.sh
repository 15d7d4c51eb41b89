#!/usr/bin/env bash
# What container-machine.mjs runs first on the machine it makes: mounts what is to be private, then the command.
set -eu

# By then the users are there. A program started from here on has root's rights on this machine.
read -r
exec bash -eu -c '
mount -t proc proc /proc
mount -t binfmt_misc binfmt_misc /proc/sys/fs/binfmt_misc
busybox ifconfig lo up

mount -t tmpfs -o mode=755 tmpfs /run
mount -t tmpfs -o mode=1777 tmpfs /var/tmp
place=/run/qemu-images
mkdir -p "$place"/{home,tmp,runtime,storage,state}
cat > "$place/containers.conf" << END
[containers]
# Not more than the machine has: some may not raise their limits.
default_ulimits = ["nofile=1024:1024", "nproc=1000:1000"]
netns = "none"
[engine]
cgroup_manager = "cgroupfs"
events_logger = "file"
runtime = "runc"
END
cat > "$place/storage.conf" << END
[storage]
driver = "overlay"
graphroot = "$place/storage"
runroot = "$place/state"
END
unset REGISTRY_AUTH_FILE DOCKER_CONFIG
export HOME=$place/home TMPDIR=$place/tmp XDG_RUNTIME_DIR=$place/runtime
export CONTAINERS_CONF=$place/containers.conf CONTAINERS_STORAGE_CONF=$place/storage.conf
# Not in place of this shell: the first process of a machine takes care of those that lost their parents.
"$@" && exit
' container-machine "$@" < /dev/null
