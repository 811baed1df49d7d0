#!/bin/sh
# Shows a volume to a droplet as udev would: plug-volume.sh NAME DISK MINOR, where MINOR is the loop device's.
set -eu
name=$1 disk=$2 minor=$3

if [ "$(stat -c %t:%T "/dev/$disk" 2>/dev/null || true)" != "$(printf '7:%x' "$minor")" ]; then
  rm -f "/dev/$disk"
  mknod -m 0660 "/dev/$disk" b 7 "$minor"
  chgrp disk "/dev/$disk"
fi
mkdir -p /dev/disk/by-id
ln -sfn "../../$disk" "/dev/disk/by-id/scsi-0DO_Volume_$name"
