#!/bin/sh
# Removes what an earlier restore kept: the directory RESTORE_KEPT of the content.
set -eu
[ -d "$BACKUP_CONTENT/$RESTORE_KEPT" ] || {
  echo "there is no $RESTORE_KEPT on the volume" >&2
  exit 1
}
rm -rf "${BACKUP_CONTENT:?}/${RESTORE_KEPT:?}"
