#!/bin/bash
# Installs Debian packages at the first boot, while the image's own apt may hold the locks for minutes: cloud-init waits
# 30 s for them and then goes on without the packages, and `apt-get update` does not wait at all.
# Arguments: the packages.
set -euo pipefail

export DEBIAN_FRONTEND=noninteractive
apt=(apt-get --quiet --yes --option=Dpkg::Options::=--force-confold)

# Seconds. Well within the `joinTimeout` of the program, which waits for the node.
limit=300
until "${apt[@]}" update && "${apt[@]}" install "$@"; do
  if [ "$SECONDS" -ge "$limit" ]; then
    echo "nomad-node: the packages could not be installed within ${limit} s: $*"
    exit 1
  fi
  echo "nomad-node: apt is busy or has failed, it is tried again"
  sleep 3
done
