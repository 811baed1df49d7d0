#!/bin/sh
# Puts Node and an installed Ghost into a root file system, in the layout of the official image.
# usage: root.sh ROOT NODE GHOST VERSION, as root; NODE is the program with LICENSE two folders up. Moves GHOST into ROOT.
set -eu
root=$1
node=$2
ghost=$3
version=$4
here=$(dirname "$0")
install=$root/var/lib/ghost

echo 'node:x:1000:' >>"$root/etc/group"
echo 'node:x:1000:1000::/home/node:/bin/sh' >>"$root/etc/passwd"
install -D -m 755 "$node" "$root/usr/local/bin/node"
install -D -m 644 "$(dirname "$node")/../LICENSE" "$root/usr/share/doc/node/copyright"
install -D -m 755 "$here/docker-entrypoint.sh" "$root/usr/local/bin/docker-entrypoint.sh"

mkdir -p "$root/home/node" "$install/versions" "$install/content"
mv "$ghost" "$install/versions/$version"
mv "$install/versions/$version/content" "$install/content.orig"
ln -s "versions/$version" "$install/current"
cp "$here/config.production.json" "$install/config.production.json"
ln -s config.production.json "$install/config.development.json"
chown -R 1000:1000 "$root/home/node" "$install"
chmod 1777 "$install/content"
