#!/bin/sh
# Puts what was restored in the place of the content, which is kept beside it. RESTORE_ID names this restore. All of it is on one
# file system, so nothing is copied.
set -eu
new=$BACKUP_CONTENT/.restore-$RESTORE_ID
old=$BACKUP_CONTENT/.before-restore-$RESTORE_ID
[ -d "$new$BACKUP_CONTENT" ]
sync
mkdir "$old"
for entry in "$BACKUP_CONTENT"/* "$BACKUP_CONTENT"/.[!.]*; do
  case ${entry##*/} in lost+found | .restore-* | .before-restore-*) continue ;; esac
  [ -e "$entry" ] || continue
  mv "$entry" "$old"
done
for entry in "$new$BACKUP_CONTENT"/* "$new$BACKUP_CONTENT"/.[!.]*; do
  [ -e "$entry" ] || continue
  mv "$entry" "$BACKUP_CONTENT"
done
rm -rf "$new"
sync
