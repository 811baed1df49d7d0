#!/bin/sh
# Unpacks Debian packages, with all they depend on, into a root file system that a program can run in.
# usage: debian-root.sh ROOT PACKAGE..., as root, with apt's package lists at hand; writes only to ROOT.
set -eu
root=$1
shift
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
# apt fetches as its own user, who has to reach the folder.
chmod 755 "$work"
mkdir -p "$work/cache/archives/partial" "$root"
# An empty list of what is installed makes apt fetch every dependency.
: >"$work/status"

fetch() {
  apt-get -qq -y -o "Dir::State::status=$work/status" -o "Dir::Cache=$work/cache" -o Debug::NoLocking=1 \
    --no-install-recommends --download-only install \
    base-files base-passwd bash ca-certificates coreutils dash diffutils findutils grep gzip hostname sed tar "$@"
}
fetch "$@" || { apt-get -qq update && fetch "$@"; }
for package in "$work"/cache/archives/*.deb; do
  dpkg -x "$package" "$root"
done

# What the packages' install scripts would do.
mkdir -p "$root/run" "$root/root" "$root/etc/ssl/certs" "$root/tmp" "$root/dev" "$root/proc" "$root/sys"
chmod 1777 "$root/tmp"
[ -e "$root/var/run" ] || ln -s /run "$root/var/run"
cp "$root/usr/share/base-passwd/passwd.master" "$root/etc/passwd"
cp "$root/usr/share/base-passwd/group.master" "$root/etc/group"
printf "passwd: files\ngroup: files\nhosts: files dns\n" >"$root/etc/nsswitch.conf"
cat "$root"/usr/share/ca-certificates/mozilla/*.crt >"$root/etc/ssl/certs/ca-certificates.crt"

rm -rf "$root/usr/share/locale" "$root/usr/share/man" "$root/usr/share/info" "$root/usr/share/lintian" \
  "$root"/usr/lib/*/gconv "$root/var/cache/debconf"
find "$root/usr/share/doc" -type f ! -name copyright -delete
