#!/bin/sh
# Turns a root file system that holds Debian's nginx into the layout of the official image.
# usage: root.sh ROOT, as root
set -eu
root=$1
here=$(dirname "$0")

echo 'nginx:x:101:' >>"$root/etc/group"
echo 'nginx:x:101:101:nginx user:/nonexistent:/bin/false' >>"$root/etc/passwd"

# Debian's configuration serves sites and modules of a package layout that the official image does not have.
for name in conf.d modules-available modules-enabled sites-available sites-enabled snippets; do
  rm -rf "$root/etc/nginx/$name"
done
install -D -m 644 "$here/nginx.conf" "$root/etc/nginx/nginx.conf"
install -D -m 644 "$here/default.conf" "$root/etc/nginx/conf.d/default.conf"
install -D -m 755 "$here/docker-entrypoint.sh" "$root/docker-entrypoint.sh"
install -d -m 755 "$root/docker-entrypoint.d" "$root/var/cache/nginx" "$root/var/log/nginx"

# Debian's nginx keeps its temporary files here; whoever mounts the official folder means these.
rm -rf "$root/var/lib/nginx"
ln -s /var/cache/nginx "$root/var/lib/nginx"
ln -sf /dev/stdout "$root/var/log/nginx/access.log"
ln -sf /dev/stderr "$root/var/log/nginx/error.log"
