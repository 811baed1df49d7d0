#!/bin/sh
# Takes a volume's disk away from a droplet as udev would: unplug-volume.sh NAME DISK
set -eu
rm -f "/dev/disk/by-id/scsi-0DO_Volume_$1" "/dev/$2"
