#!/bin/sh
# Boothook of a droplet: holds apt's locks for a while after the first boot, as updates of the image's own do on
# DigitalOcean. In the background, for a boothook is waited for.
[ -e /var/lib/first-boot-apt ] && exit 0
touch /var/lib/first-boot-apt
systemd-run --no-block --unit=first-boot-apt --property=DefaultDependencies=no python3 -c '
import fcntl, time
locks = [open(path, "w") for path in ("/var/lib/apt/lists/lock", "/var/lib/dpkg/lock-frontend", "/var/lib/dpkg/lock")]
for lock in locks:
    fcntl.lockf(lock, fcntl.LOCK_EX)
time.sleep(SECONDS)
'
