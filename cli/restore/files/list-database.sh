#!/bin/sh
# Says which moments of the database are in the bucket: the first and the last change of each level of Litestream's files, and every
# snapshot. The first argument is the database.
set -eu
for level in 9 3 2 1 0; do
  # A line of headings is above the changes. In a pipe a failure would go unseen.
  changes=$(litestream ltx -config /local/litestream.yml -no-expand-env -level "$level" "$1")
  if [ "$level" -eq 9 ]; then
    echo "$changes"
  else
    echo "$changes" | sed -n '2p;$p'
  fi
done
