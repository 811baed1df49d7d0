#!/bin/bash
# Runs once, as the last step of cloud-init: installs Nomad, closes the metadata service, starts the agent.
# Arguments: version, sha256 of the zip, base URL of the downloads, name of the droplet, then the host volumes' paths.
set -euo pipefail

version=$1 sha256=$2 downloads=$3 name=$4
shift 4
archive="nomad_${version}_linux_amd64.zip"

say() { echo "nomad-node: $*"; }

command -v dockerd >/dev/null || { say "Docker is not installed: the package step above failed"; exit 1; }

if ! nomad version 2>/dev/null | grep -q "v${version}\b"; then
  work=$(mktemp -d)
  trap 'rm -rf "$work"' EXIT
  say "downloading ${downloads}/${version}/${archive}"
  curl --fail --silent --show-error --location --retry 8 --retry-all-errors --retry-max-time 600 \
    --output "${work}/${archive}" "${downloads}/${version}/${archive}"
  echo "${sha256}  ${work}/${archive}" | sha256sum --check --quiet ||
    { say "the download's sha256 is not ${sha256}: not installed"; exit 1; }
  unzip -q -o "${work}/${archive}" nomad -d "${work}"
  install -m 0755 "${work}/nomad" /usr/local/bin/nomad
fi

# A server's name must never come back with another address, so the droplet's id is part of it.
droplet=$(cloud-init query instance_id)
printf '{ "name": "%s-%s" }\n' "$name" "$droplet" >/etc/nomad.d/name.json

install -d -m 0700 /opt/nomad /opt/nomad/data
# One that is there, such as /, keeps its owner and its mode.
for path in "$@"; do [ -d "$path" ] || install -d -m 0700 "$path"; done

systemctl daemon-reload
systemctl enable --now metadata-firewall.service
# Enabled for the next boots; now the agent, which comes after it, pulls it in.
if [ -e /etc/systemd/system/nomad-volumes.service ]; then systemctl enable nomad-volumes.service; fi
systemctl enable --now nomad.service
say "the agent runs as ${name}-${droplet}"
