import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  releaseVolumes,
  removeBridges,
  removeDroplets,
  stopDroplets,
} from "../../../../sandbox/droplets/all-droplets.ts";
import type { DockerHypervisor } from "../../../../sandbox/droplets/docker-hypervisor.ts";
import { dockerHypervisor } from "../../../../sandbox/droplets/docker-hypervisor.ts";
import { ensureDropletImage } from "../../../../sandbox/droplets/image.ts";
import { ensurePublicNetwork } from "../../../../sandbox/droplets/network/public-network.ts";
import { publicNetwork, sandboxSettings } from "../../../../sandbox/settings.ts";
import { dropletMachine, inDroplet } from "../../../support/droplet-machine.ts";
import { missingForDroplets } from "./requirements.ts";

const missing = await missingForDroplets();
if (missing) console.warn(`volumes of droplets are not tested: ${missing}`);

// Keeps what the image did with the volume by itself, then has systemd mount it elsewhere at every boot.
const userData = `#!/bin/sh
set -eu
findmnt --noheadings --output SOURCE,TARGET,OPTIONS --source /dev/sda >/root/automount
df --output=size /mnt/data | tail -n 1 >/root/automount-size
systemctl disable --now mnt-data.mount
cat >/etc/systemd/system/srv-data.mount <<UNIT
[Mount]
What=/dev/disk/by-id/scsi-0DO_Volume_data
Where=/srv/data
Type=ext4
[Install]
WantedBy=multi-user.target
UNIT
systemctl enable --now srv-data.mount
`;

describe.skipIf(missing !== undefined)(
  `volumes of droplets${missing ? ` (skipped: ${missing})` : ""}`,
  () => {
    const clone = mkdtempSync(path.join(os.tmpdir(), "volumes-"));
    const settings = sandboxSettings(clone);
    const [first, second] = [700000001, 700000002];
    const volume = (name: string, sizeGigabytes = 1) => ({
      id: `id-of-${name}`,
      name,
      sizeGigabytes,
      filesystemType: "ext4",
      filesystemLabel: `label-${name}`,
    });
    const [data, other] = [volume("data"), volume("other")];
    let start: () => DockerHypervisor;
    let hypervisor: DockerHypervisor;

    const inside = (droplet: number, script: string) => inDroplet(settings, droplet, script);
    const output = async (droplet: number, script: string) => (await inside(droplet, script)).stdout;
    const loopDevices = async () =>
      (await execa("losetup", ["--list", "--noheadings", "--output", "BACK-FILE"])).stdout
        .split("\n")
        .filter((file) => file.startsWith(clone));
    const mounted = (droplet: number) =>
      expect
        .poll(() => output(droplet, "findmnt --noheadings --output SOURCE /srv/data"), { timeout: 60_000 })
        .toBe("/dev/sda");

    beforeAll(async () => {
      const network = await ensurePublicNetwork(settings);
      const { prefix } = publicNetwork(network.slot);
      const image = await ensureDropletImage(settings);
      const mirrors = { debian: "http://192.0.2.1/debian", security: "http://192.0.2.1/debian-security" };
      start = () => dockerHypervisor({ settings, network, image, mirrors });
      hypervisor = start();
      await hypervisor.attachVolume(first, data);
      await Promise.all([
        hypervisor.create(dropletMachine(first, prefix, 11, userData)),
        hypervisor.create(dropletMachine(second, prefix, 12)),
      ]);
    }, 400_000);

    afterAll(async () => {
      await removeDroplets(settings);
      await releaseVolumes(settings);
      await removeBridges(settings);
      rmSync(clone, { recursive: true });
    }, 100_000);

    test("a volume attached before the droplet is made is there when user-data runs, formatted and labelled", async () => {
      await mounted(first);
      expect(await output(first, "readlink /dev/disk/by-id/scsi-0DO_Volume_data")).toBe("../../sda");
      expect(await output(first, "blkid --output value --match-tag LABEL /dev/sda")).toBe("label-data");
      expect(
        (await inside(first, "echo kept > /srv/data/file && sync --file-system /srv/data")).exitCode,
      ).toBe(0);
    });

    test("which the image mounts by itself at the first attachment, in full size, as DigitalOcean's images do", async () => {
      const [source, target, options = ""] = (await output(first, "cat /root/automount")).split(/\s+/);
      expect([source, target]).toEqual(["/dev/sda", "/mnt/data"]);
      expect(options.split(",")).toEqual(expect.arrayContaining(["rw", "noatime", "discard"]));
      expect(Number(await output(first, "cat /root/automount-size"))).toBeGreaterThan(0.9 * 1024 ** 2);
    });

    test("it is there again after a reboot, and after power off and on", async () => {
      await hypervisor.reboot(first);
      await mounted(first);
      expect(await output(first, "cat /srv/data/file")).toBe("kept");
      await hypervisor.powerOff(first);
      expect(await loopDevices()).toEqual([]);
      // It was unmounted before it was unplugged, or its journal would have to be replayed.
      const file = path.join(settings.stateDir, "volumes", data.id, "data");
      expect((await execa("dumpe2fs", ["-h", file])).stdout).not.toContain("needs_recovery");
      await hypervisor.powerOn(first);
      await mounted(first);
      expect(await output(first, "cat /srv/data/file")).toBe("kept");
    });

    test("it is there again after the sandbox stops and starts", async () => {
      await stopDroplets(settings);
      await releaseVolumes(settings);
      expect(await loopDevices()).toEqual([]);
      hypervisor = start();
      await hypervisor.startAll();
      await mounted(first);
      expect(await output(first, "cat /srv/data/file")).toBe("kept");
    });

    test("a volume attached to a running droplet is its next disk", async () => {
      // As a process leaves it that is killed while it formats.
      const directory = path.join(settings.stateDir, "volumes", other.id);
      mkdirSync(directory);
      writeFileSync(path.join(directory, "data.new"), "half a file system");
      await hypervisor.attachVolume(first, other);
      await hypervisor.attachVolume(first, other);
      expect(await output(first, "readlink /dev/disk/by-id/scsi-0DO_Volume_other")).toBe("../../sdb");
      expect(await output(first, "findmnt --noheadings --output TARGET --source /dev/sdb")).toBe(
        "/mnt/other",
      );
      await inside(first, "systemctl disable --now mnt-other.mount");
      expect(await loopDevices()).toHaveLength(2);
      await expect(hypervisor.attachVolume(second, other)).rejects.toThrow(
        `volume other is attached to droplet ${first}`,
      );
      await expect(hypervisor.destroyVolume(other)).rejects.toThrow("volume other is attached to droplet");
    });

    test("many volumes at once are as many disks, more than the host had loop devices", async () => {
      const raw = Array.from({ length: 10 }, (_, number) => ({
        holder: number % 2 === 0 ? first : second,
        volume: { ...volume(`raw-${number}`), filesystemType: "", filesystemLabel: "" },
      }));
      await Promise.all(raw.map(({ holder, volume }) => hypervisor.attachVolume(holder, volume)));
      const inBoth = async (script: string) =>
        (await Promise.all([first, second].map((droplet) => output(droplet, script)))).join("\n").split("\n");
      expect(await inBoth("blockdev --getsize64 /dev/disk/by-id/*raw*")).toEqual(
        raw.map(() => String(1024 ** 3)),
      );
      const minors = await inBoth("stat --dereference --format %T /dev/disk/by-id/*raw*");
      expect(new Set(minors).size).toBe(raw.length);
      await Promise.all(raw.map(({ holder, volume }) => hypervisor.detachVolume(holder, volume)));
      await Promise.all(raw.map(({ volume }) => hypervisor.destroyVolume(volume)));
      expect(await loopDevices()).toHaveLength(2);
      expect(readdirSync(path.join(settings.stateDir, "volumes")).sort()).toEqual([data.id, other.id]);
    });

    test("a formatted volume stays small and unmounted where the image's rule was removed, until it is enlarged by hand", async () => {
      const left = volume("left-alone");
      await inside(second, "rm /etc/udev/rules.d/99-digitalocean-automount.rules");
      await hypervisor.attachVolume(second, left);
      expect((await inside(second, "findmnt --source /dev/sda")).exitCode).toBe(1);
      const blocks = "dumpe2fs -h /dev/sda 2>/dev/null | sed -n 's/^Block count: *//p'";
      expect(Number(await output(second, blocks)) * 4096).toBe(380 * 1024 ** 2);
      await hypervisor.detachVolume(second, left);
      await hypervisor.destroyVolume(left);
    });

    test("a volume that cannot be shown to its droplet is not attached", async () => {
      const raw = { ...volume("blocked"), filesystemType: "", filesystemLabel: "" };
      await inside(first, "mv /dev/disk/by-id /dev/disk/kept && touch /dev/disk/by-id");
      await expect(hypervisor.attachVolume(first, raw)).rejects.toThrow("/dev/disk/by-id");
      await inside(first, "rm /dev/disk/by-id && mv /dev/disk/kept /dev/disk/by-id");
      expect(await loopDevices()).toHaveLength(2);
      await hypervisor.attachVolume(second, raw);
      await hypervisor.detachVolume(second, raw);
      await hypervisor.destroyVolume(raw);
    });

    test("a volume grows while it is mounted", async () => {
      await hypervisor.resizeVolume(volume("data", 2));
      expect(await output(first, "blockdev --getsize64 /dev/sda")).toBe(String(2 * 1024 ** 3));
      // Growing a mounted file system needs CAP_SYS_RESOURCE, which not every host lets a droplet have.
      const grow = "e2fsck -fp /dev/sda && resize2fs /dev/sda";
      const script = `systemctl stop srv-data.mount && ${grow} && systemctl start srv-data.mount`;
      expect((await inside(first, script)).exitCode).toBe(0);
      expect(Number(await output(first, "df --output=size /srv/data | tail -n 1"))).toBeGreaterThan(
        1.8 * 1024 ** 2,
      );
    });

    test("a volume detached while it is mounted takes no more writes, and goes on elsewhere", async () => {
      await hypervisor.detachVolume(first, data);
      expect(await output(first, "ls /dev/sda /dev/disk/by-id")).toBe(
        "/dev/disk/by-id:\nscsi-0DO_Volume_other",
      );
      expect(
        (await inside(first, "echo lost > /srv/data/lost && sync --file-system /srv/data")).exitCode,
      ).not.toBe(0);
      await hypervisor.attachVolume(second, volume("data", 2));
      expect((await inside(second, "mount /dev/disk/by-id/scsi-0DO_Volume_data /mnt")).exitCode).toBe(0);
      await inside(first, "dd if=/dev/zero of=/srv/data/file bs=1M count=8 conv=fsync");
      expect(await output(second, "cat /mnt/file; ls /mnt")).toBe("kept\nfile\nlost+found");
      expect(
        (await inside(second, "echo new > /mnt/new && umount /mnt && e2fsck -fn /dev/sda")).exitCode,
      ).toBe(0);
    });

    test("what a destroyed droplet had is kept, and its volume is free for another", async () => {
      await inside(second, "mount /dev/sda /mnt && echo last > /mnt/last");
      await hypervisor.destroy(second);
      await hypervisor.attachVolume(first, volume("data", 2));
      await inside(first, "umount --lazy /srv/data; systemctl start srv-data.mount");
      expect(await output(first, "cat /srv/data/file /srv/data/new /srv/data/last")).toBe("kept\nnew\nlast");
    });

    test("a deleted volume's data is gone, and nothing of the sandbox's is left on the host", async () => {
      await hypervisor.detachVolume(first, other);
      await hypervisor.destroyVolume(other);
      await hypervisor.destroyVolume(other);
      expect((await loopDevices()).map((file) => path.basename(path.dirname(file)))).toEqual(["id-of-data"]);
      await removeDroplets(settings);
      await releaseVolumes(settings);
      await removeBridges(settings);
      expect(await loopDevices()).toEqual([]);
    });
  },
);
