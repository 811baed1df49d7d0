#!/bin/sh
# Prints a JSON object: restic's backups of the files, and what earlier restores left on the volume.
set -eu
snapshots=$(timeout 60 restic snapshots --json --host "$BACKUP_HOST")
kept=
for directory in "$BACKUP_CONTENT"/.before-restore-*; do
  [ -d "$directory" ] || continue
  kept=$kept${kept:+,}\"${directory##*/}\"
done
echo "{\"snapshots\":$snapshots,\"kept\":[$kept]}"
