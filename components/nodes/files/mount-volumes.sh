#!/bin/bash
# Mounts the DigitalOcean volumes of this node and offers each to Nomad, which knows none that is not mounted. Fails
# while one is not attached, so that systemd runs it again.
# Arguments: HOST_VOLUME=VOLUME for each, the name that jobs use and the volume's name in the account.
set -euo pipefail

say() { echo "nomad-volumes: $*"; }
changed=false attached=true

# DigitalOcean's images mount a new volume at its first attachment, on a path of their own. Volumes attached from now on
# are this script's.
rm -f /etc/udev/rules.d/99-digitalocean-automount.rules

# Ends DigitalOcean's mount of volume $1 and the unit that would repeat it at every boot.
end_automount() {
  local target=/mnt/${1//-/_} unit
  unit=$(systemd-escape --path --suffix=mount "$target")
  [ -e "/etc/systemd/system/$unit" ] || return 0
  # At boot systemd may be about to mount it.
  if [ -d /run/systemd/system ]; then systemctl stop "$unit"; fi
  find /etc/systemd/system -name "$unit" -delete
  if [ -d /run/systemd/system ]; then systemctl daemon-reload; fi
  if mountpoint --quiet "$target"; then umount "$target"; fi
  say "ended DigitalOcean's own mount of $1 on $target"
}

for argument in "$@"; do
  name=${argument%%=*} volume=${argument#*=}
  device=/dev/disk/by-id/scsi-0DO_Volume_$volume
  directory=/mnt/$name
  offer=/etc/nomad.d/volume-$name.hcl

  end_automount "$volume"
  if ! mountpoint --quiet "$directory"; then
    if [ -e "$offer" ]; then
      rm "$offer"
      changed=true
    fi
    if [ ! -e "$device" ]; then
      say "volume $volume is not attached: $name is not offered to Nomad"
      attached=false
      continue
    fi
    # e2fsck refuses a device that is mounted anywhere.
    while target=$(findmnt --noheadings --first-only --output TARGET --source "$(readlink -f "$device")"); do
      umount "$target"
      say "unmounted $volume from $target"
    done
    size=$(blockdev --getsize64 "$device")
    used=$(dumpe2fs -h "$device" 2>/dev/null | awk '/^Block count:/ { n = $3 } /^Block size:/ { print n * $3 }')
    check=(-p)
    # A volume that was enlarged; its file system may grow only after a check in full, which a large one spends minutes on.
    if [ "$size" -gt "$used" ]; then check+=(-f); fi
    # 1: errors were found and mended.
    e2fsck "${check[@]}" "$device" || [ $? -eq 1 ]
    if [ "$size" -gt "$used" ]; then resize2fs "$device"; fi
    install -d -m 0755 "$directory"
    mount -t ext4 -o noatime,nodev,nosuid "$device" "$directory"
    say "mounted $volume on $directory"
  fi

  if [ ! -e "$offer" ]; then
    # In a directory of the volume, which is not there while the volume is not mounted.
    install -d -m 0755 "$directory/data"
    printf 'client {\n  host_volume "%s" {\n    path = "%s/data"\n  }\n}\n' "$name" "$directory" >"$offer"
    changed=true
  fi
done

# Nomad reads its host volumes only at its start; tasks run on meanwhile. It waits for this unit, so this cannot wait for it.
if $changed && systemctl --quiet is-active nomad.service; then systemctl --no-block restart nomad.service; fi
$attached
