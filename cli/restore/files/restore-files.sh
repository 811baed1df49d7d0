#!/bin/sh
# Restores a backup of the files beside the content. RESTORE_ID names this restore.
set -eu
for left in "$BACKUP_CONTENT"/.restore-*; do
  # A restore that was cut off before it changed anything.
  [ "$left" = "$BACKUP_CONTENT/.restore-$RESTORE_ID" ] || rm -rf "$left"
done
restic restore "$RESTORE_SNAPSHOT" --host "$BACKUP_HOST" --target "$BACKUP_CONTENT/.restore-$RESTORE_ID"
