#!/bin/bash
# Builds the root file system of a droplet as a tar archive: build.sh MIRROR ARCHIVE, or with the archive of another
# root file system and packages to add to it, build.sh MIRROR ARCHIVE BASE PACKAGE...
# MIRROR is the URL under which "debian" and "debian-security" lie.
set -euo pipefail

mirror=$1
archive=$2
base=${3:-}
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d "$archive.XXXXXX")
root=$work/root
trap 'umount "$root/proc" 2>/dev/null || true; rm -rf "$work"' EXIT

echo "step: base system"
sources="deb $mirror/debian bookworm main"
if [ -n "$base" ]; then
  packages=("${@:4}")
  # A boot would upgrade what is older than the security archive has it.
  sources+="
deb $mirror/debian bookworm-updates main
deb $mirror/debian-security bookworm-security main"
  mkdir "$root"
  tar --extract --numeric-owner --directory "$root" --file "$base"
else
  packages=(
    apt-utils ca-certificates cloud-init cron curl dbus gnupg iproute2 iptables iputils-ping kmod less libpam-systemd
    netbase openssh-server procps sudo systemd systemd-sysv systemd-timesyncd udev wget
  )
  debootstrap --variant=minbase bookworm "$root" "$mirror/debian" >"$work/log" 2>&1 || { tail -n 20 "$work/log" >&2; exit 1; }
fi

echo "step: packages"
# No service may start while the image is built: it would run on the host.
printf '#!/bin/sh\nexit 101\n' >"$root/usr/sbin/policy-rc.d"
chmod 755 "$root/usr/sbin/policy-rc.d"
cp -r "$here/files/." "$root/"
cp /etc/resolv.conf "$root/etc/resolv.conf"
mount -t proc proc "$root/proc"
export DEBIAN_FRONTEND=noninteractive LC_ALL=C.UTF-8
echo "$sources" >"$root/etc/apt/sources.list"
if ! { chroot "$root" apt-get update && chroot "$root" apt-get install --yes --no-install-recommends "${packages[@]}"; } >"$work/log" 2>&1; then
  tail -n 20 "$work/log" >&2
  exit 1
fi
umount "$root/proc"

echo "step: clean up"
# What a droplet makes at its first boot must not come out of the image, or all droplets would share it.
rm -f "$root"/etc/ssh/ssh_host_* "$root/var/lib/dbus/machine-id" "$root/usr/sbin/policy-rc.d"
: >"$root/etc/machine-id"
# Hardware, consoles and timers that a container has no use for; the timers would hold apt's lock during user-data.
systemctl --root="$root" mask --quiet apt-daily.timer apt-daily-upgrade.timer dpkg-db-backup.timer e2scrub_all.timer \
  fstrim.timer getty@.service console-getty.service getty.target systemd-udevd.service systemd-udev-trigger.service systemd-timesyncd.service \
  systemd-logind.service dev-hugepages.mount sys-kernel-debug.mount sys-kernel-tracing.mount sys-kernel-config.mount \
  systemd-remount-fs.service systemd-modules-load.service
chroot "$root" apt-get clean
rm -rf "$root"/var/lib/apt/lists/* "$root"/var/log/*.log "$root"/var/cache/debconf/*-old

echo "step: archive"
tar --create --numeric-owner --one-file-system --directory "$root" --file "$work/archive.tar" .
mv "$work/archive.tar" "$archive"
