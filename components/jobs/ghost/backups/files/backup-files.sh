#!/bin/sh
# Beside Ghost: backs up its files again and again, and removes old backups. Ends only when it cannot open the repository at
# the start, so that a wrong key is seen in the deployment; later failures are logged, and the next round tries again.
set -eu

# A shell that waits for a child hears signals only when it waits with `wait`.
run() {
  "$@" &
  child=$!
  wait "$child"
}
child=
trap 'kill "$child" 2>/dev/null || true; exit 0' TERM INT

back_up() {
  status=0
  run restic backup --host "$BACKUP_HOST" --exclude "$BACKUP_DATABASE*" \
    --exclude "${BACKUP_DATABASE%/*}/.${BACKUP_DATABASE##*/}-litestream" \
    --exclude "$BACKUP_CONTENT/logs" --exclude "$BACKUP_CONTENT/lost+found" --exclude "$BACKUP_CONTENT/.restoring" \
    --exclude "$BACKUP_CONTENT/.restore-*" --exclude "$BACKUP_CONTENT/.before-restore-*" \
    "$BACKUP_CONTENT" || status=$?
  # 3: a file could not be read, such as one that was deleted meanwhile; the others are saved.
  [ "$status" -eq 0 ] || [ "$status" -eq 3 ]
}

clean_up() {
  run restic prune && run restic check --read-data-subset=5%
}

if ! timeout 60 restic cat config --no-lock >/dev/null; then
  # Fails if the repository cannot be reached, or is there and has another passphrase.
  timeout 60 restic init
fi
# Nobody else writes here, so a lock is what a killed container left, and would keep backups out for half an hour.
timeout 60 restic unlock --remove-all
cleaned=0
while true; do
  if back_up; then
    run restic forget --quiet --host "$BACKUP_HOST" --group-by host --keep-last 12 --keep-hourly 24 \
      --keep-daily "$BACKUP_KEEP_DAILY" --keep-weekly "$BACKUP_KEEP_WEEKLY" --keep-monthly "$BACKUP_KEEP_MONTHLY" ||
      echo "old backups could not be removed; the next round tries again" >&2
    now=$(date +%s)
    if [ $((now - cleaned)) -ge 86400 ]; then
      if clean_up; then cleaned=$now; else echo "the backups could not be checked; the next round tries again" >&2; fi
    fi
  else
    echo "the files were not backed up; the next round tries again in $BACKUP_INTERVAL_SECONDS s" >&2
  fi
  run sleep "$BACKUP_INTERVAL_SECONDS"
done
