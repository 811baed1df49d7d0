#!/bin/sh
# What DigitalOcean's images do with a volume that was formatted for them, at its first attachment, by the udev rule
# 99-digitalocean-automount.rules. Does nothing if the droplet has removed the rule.
# Arguments: the volume's name.
set -eu
name=$1
[ -e /etc/udev/rules.d/99-digitalocean-automount.rules ] || exit 0

directory=$(printf %s "$name" | tr - _)
unit=mnt-$directory.mount
device=/dev/disk/by-id/scsi-0DO_Volume_$name
e2fsck -fp "$device" >/dev/null
resize2fs "$device" >/dev/null 2>&1
mkdir -p "/mnt/$directory" /etc/systemd/system/multi-user.target.wants
cat >"/etc/systemd/system/$unit" <<UNIT
[Unit]
Description=Mount DO Volume $name

[Mount]
What=$device
Where=/mnt/$directory
Options=defaults,nofail,discard,noatime
Type=ext4

[Install]
WantedBy=multi-user.target
UNIT
ln -sfn "../$unit" "/etc/systemd/system/multi-user.target.wants/$unit"
# At boot systemd starts after this, and mounts it itself.
if [ -d /run/systemd/system ]; then
  systemctl daemon-reload
  systemctl start "$unit"
fi
