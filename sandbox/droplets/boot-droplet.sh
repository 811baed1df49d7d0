#!/bin/sh
# First process of a droplet: makes writable what systemd and dockerd need, waits for the network, then becomes systemd.
set -eu

mount -o remount,bind,rw /sys
for hierarchy in /sys/fs/cgroup /sys/fs/cgroup/*; do
  if mountpoint -q "$hierarchy"; then mount -o remount,bind,rw "$hierarchy"; fi
done
# Of the kernel's settings only those of the network are a droplet's own; the others are the host's.
mount --bind /proc/sys /proc/sys
mount -o remount,bind,ro /proc/sys
mount --bind /proc/sys/net /proc/sys/net
mount -o remount,bind,rw /proc/sys/net

# As systemd leaves it on a machine that is no container: what is mounted later shows in the containers that ask for it.
mount --make-rshared /

# The hypervisor adds the default route last.
until ip route show default | grep -q .; do sleep 0.05; done
exec /sbin/init
