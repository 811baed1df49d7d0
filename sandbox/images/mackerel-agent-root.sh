#!/bin/sh
# Writes the root file system of the agent's image as a tar file.
# usage: mackerel-agent-root.sh AGENT LICENCE OUTPUT.tar, with apt's package lists at hand; writes only to OUTPUT.tar.
set -eu
agent=$1
licence=$2
output=$3
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/packages" "$work/root"
# apt fetches as its own user, who has to reach the folder.
chmod 755 "$work"
chmod 777 "$work/packages"
root=$work/root

# What the agent needs (df, CA certificates, os-release) and a shell to look around with, with the libraries of both.
cd "$work/packages"
fetch() {
  apt-get -qq download base-files base-passwd coreutils dash libacl1 libattr1 libc6 libgmp10 libselinux1 \
    libpcre2-8-0 ca-certificates
}
fetch || { apt-get -qq update && fetch; }
for package in *.deb; do
  dpkg -x "$package" "$root"
done

# What the packages' install scripts would do.
mkdir -p "$root/run" "$root/root" "$root/etc/ssl/certs" "$root/var/lib/mackerel-agent"
mkdir -p "$root/tmp"
chmod 1777 "$root/tmp"
[ -e "$root/var/run" ] || ln -s /run "$root/var/run"
cp "$root/usr/share/base-passwd/passwd.master" "$root/etc/passwd"
cp "$root/usr/share/base-passwd/group.master" "$root/etc/group"
cat "$root"/usr/share/ca-certificates/mozilla/*.crt >"$root/etc/ssl/certs/ca-certificates.crt"

rm -rf "$root/usr/share/locale" "$root/usr/share/man" "$root/usr/share/info" "$root"/usr/lib/*/gconv
find "$root/usr/share/doc" -type f ! -name copyright -delete
install -D -m 755 "$agent" "$root/usr/bin/mackerel-agent"
install -D -m 644 "$licence" "$root/usr/share/doc/mackerel-agent/copyright"

tar --create --file "$output" --directory "$root" --sort=name --mtime=@0 --owner=0 --group=0 --numeric-owner .
