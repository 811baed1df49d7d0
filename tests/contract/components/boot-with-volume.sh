#!/bin/bash
# Does to a volume what a boot of its node does, in a mount namespace of its own, and appends a line to a file on it.
# Prints the lines, the size of the file system in bytes, and what Nomad is offered.
# Arguments: the loop device that shows the volume, the script that mounts volumes, the line.
set -euo pipefail
loop=$1 script=$2 line=$3

# Gives the directory $1 what lies in $2 ... for its only content.
holds() {
  local own
  own=$(mktemp -d)
  mount -t tmpfs tmpfs "$own"
  cp -a "${@:2}" "$own"
  mount --move "$own" "$1"
  rmdir "$own"
}
holds /dev /dev/null "$loop"
mkdir -p /dev/disk/by-id
ln -s "../../${loop#/dev/}" /dev/disk/by-id/scsi-0DO_Volume_blog-content
holds /etc /etc/.
mkdir -p /etc/nomad.d
mount -t tmpfs tmpfs /mnt

bash "$script" content=blog-content >&2
echo "$line" >>/mnt/content/data/lines
cat /mnt/content/data/lines
df --output=size --block-size=1 /mnt/content | tail -n 1
cat /etc/nomad.d/volume-content.hcl
