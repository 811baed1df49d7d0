#!/bin/bash
# Does to a volume what a boot of its node does, in a mount namespace of its own, and appends a line to a file on it.
# Prints the lines, where the volume is mounted, the units that would mount it at the next boot, the size of its file system
# in bytes, and what Nomad is offered.
# Arguments: the loop device that shows the volume, the script that mounts volumes, the line, the volume's name, and where
# it is mounted already, if it is. On DigitalOcean's own path a unit of systemd has done so.
set -euo pipefail
loop=$1 script=$2 line=$3 volume=$4 mounted=${5:-}

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
ln -s "../../${loop#/dev/}" "/dev/disk/by-id/scsi-0DO_Volume_$volume"
holds /etc /etc/.
mkdir -p /etc/nomad.d /etc/systemd/system/multi-user.target.wants
mount -t tmpfs tmpfs /mnt

if [ -n "$mounted" ]; then
  mkdir -p "$mounted"
  mount "$loop" "$mounted"
fi
if [ "$mounted" = "/mnt/${volume//-/_}" ]; then
  unit=$(systemd-escape --path --suffix=mount "$mounted")
  touch "/etc/systemd/system/$unit"
  ln -s "../$unit" "/etc/systemd/system/multi-user.target.wants/$unit"
fi

bash "$script" "content=$volume" >&2
echo "$line" >>/mnt/content/data/lines
cat /mnt/content/data/lines
findmnt --noheadings --output TARGET --source "$loop" | paste --serial --delimiters ' '
find /etc/systemd/ -name 'mnt-*.mount' | paste --serial --delimiters ' '
df --output=size --block-size=1 /mnt/content | tail -n 1
cat /etc/nomad.d/volume-content.hcl
