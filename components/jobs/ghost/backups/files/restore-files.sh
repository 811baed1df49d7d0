#!/bin/sh
# Before Ghost starts: brings back the newest backup of the files if the volume has no content. Fails when the backups cannot
# be reached, since Ghost would start empty then; with content on the volume nothing is asked.
set -eu

# It is on the volume while files are being restored, so that a restore that was cut off begins again.
marker=$BACKUP_CONTENT/.restoring

has_content() {
  for entry in "$BACKUP_CONTENT"/* "$BACKUP_CONTENT"/.[!.]*; do
    [ -e "$entry" ] || continue
    # The database has a task of its own.
    case ${entry##*/} in data | lost+found) ;; *) return 0 ;; esac
  done
  return 1
}

if [ ! -e "$marker" ] && has_content; then
  echo "the volume has content: nothing is restored"
  exit 0
fi
# A restore only reads, so it takes no lock and minds none: a container that was killed may have left one.
if ! timeout 60 restic cat config --no-lock >/dev/null; then
  # Fails if the repository cannot be reached, or is there and has another passphrase.
  timeout 60 restic init
  echo "there are no backups yet: nothing is restored"
  exit 0
fi
# 0.14 and newer print one of these when there is none.
case $(restic snapshots --no-lock --json --host "$BACKUP_HOST") in
  null | "[]")
    echo "there are no backups yet: nothing is restored"
    exit 0
    ;;
esac
: >"$marker"
restic restore latest --no-lock --host "$BACKUP_HOST" --target /
sync
rm "$marker"
echo "the files were restored"
