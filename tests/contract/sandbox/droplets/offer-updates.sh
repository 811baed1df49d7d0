#!/bin/bash
# Says which of the packages that are installed unattended-upgrades would upgrade, from two archives that have newer ones:
# Debian's security archive, as far as its Release file says so, and another one of Debian's.
# Arguments: packages of the first archive, "--", packages of the second.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# Arguments: the archive's label and codename, and its packages.
archive() {
  local directory=$work/$1
  mkdir -p "$directory"
  for package in "${@:3}"; do
    mkdir -p "$work/root/DEBIAN"
    printf '%s\n' "Package: $package" "Version: 99:99" "Architecture: all" "Maintainer: Nobody <root@localhost>" \
      "Description: newer" >"$work/root/DEBIAN/control"
    dpkg-deb --build "$work/root" "$directory/$package.deb" >&2
    {
      cat "$work/root/DEBIAN/control"
      printf '%s\n' "Filename: ./$package.deb" "Size: $(stat -c %s "$directory/$package.deb")" \
        "SHA256: $(sha256sum <"$directory/$package.deb" | cut -d' ' -f1)" ""
    } >>"$directory/Packages"
  done
  printf '%s\n' "Origin: Debian" "Label: $1" "Codename: $2" "SHA256:" \
    " $(sha256sum <"$directory/Packages" | cut -d' ' -f1) $(stat -c %s "$directory/Packages") Packages" >"$directory/Release"
  echo "deb [trusted=yes] file:$directory ./" >>"$work/sources.list"
}

security=()
while [ "$1" != "--" ]; do
  security+=("$1")
  shift
done
shift
archive Debian-Security bookworm-security "${security[@]}"
archive Debian bookworm "$@"

# Lists of their own, so that those of the droplet stay as they are.
mkdir -p "$work/lists/partial" "$work/parts"
printf 'Dir::Etc::sourcelist "%s";\nDir::Etc::sourceparts "%s";\nDir::State::lists "%s";\nAPT::Sandbox::User "root";\n' \
  "$work/sources.list" "$work/parts" "$work/lists" >"$work/apt.conf"
export APT_CONFIG=$work/apt.conf
apt-get --quiet update >&2
unattended-upgrade --dry-run --verbose 2>&1 | sed -n 's/.*Packages that will be upgraded: *//p'
