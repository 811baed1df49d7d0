import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { releaseVolumes, removeBridges, removeDroplets } from "../../../../sandbox/droplets/all-droplets.ts";
import { containerName } from "../../../../sandbox/droplets/names.ts";
import type { DockerHypervisor } from "../../../../sandbox/droplets/docker-hypervisor.ts";
import { dockerHypervisor } from "../../../../sandbox/droplets/docker-hypervisor.ts";
import { ensureDropletImage, preparedPackages } from "../../../../sandbox/droplets/image.ts";
import { loginConfig } from "../../../../components/nodes/ssh-keys.ts";
import { startMetadataService } from "../../../../sandbox/droplets/metadata.ts";
import { ensurePublicNetwork } from "../../../../sandbox/droplets/network/public-network.ts";
import type { PublicNetwork } from "../../../../sandbox/droplets/network/public-network.ts";
import { startAptMirror } from "../../../../sandbox/mirrors/apt.ts";
import { publicNetwork, sandboxSettings } from "../../../../sandbox/settings.ts";
import type { DropletImageKind } from "../../../../sandbox/settings.ts";
import { dropletMachine, inDroplet } from "../../../support/droplet-machine.ts";
import { testEdges } from "./edges.ts";
import { missingForDroplets } from "./requirements.ts";

const missing = await missingForDroplets();
if (missing) console.warn(`droplets are not tested: ${missing}`);

// What a container of the droplet serves: one static program, so nothing has to be pulled.
const serve = `
tar --create --directory / bin/busybox | docker import - busybox
docker run --detach --restart always --publish 8080:80 busybox /bin/busybox sh -c \\
  '/bin/busybox echo served > /index.html; exec /bin/busybox httpd -f -p 80'
echo once >> /root/user-data-runs
`;
/** How sshd answers to the root password that the droplet's seed has. */
const logIn = `
password=$(grep -oE 'password[^0-9a-f]+[0-9a-f]{24}' /var/lib/cloud/seed/nocloud/vendor-data | tail -c 25)
[ -n "$password" ] || exit 9
printf '#!/bin/sh\necho %s\n' "$password" > /root/askpass && chmod 700 /root/askpass
SSH_ASKPASS=/root/askpass SSH_ASKPASS_REQUIRE=force ssh -o StrictHostKeyChecking=no -o NumberOfPasswordPrompts=1 \
  root@127.0.0.1 true 2>&1`;
const { commands, ...login } = loginConfig(false);
const cloudConfig = (config: object) =>
  `#cloud-config\n${JSON.stringify({ package_update: true, ...config })}\n`;
// The packages of the platform's own user-data, on an image that has none of them.
const userData = cloudConfig({
  packages: [...preparedPackages, "busybox-static"],
  ...login,
  runcmd: [...commands, ["sh", "-euc", serve]],
});

describe.skipIf(missing !== undefined)(`droplets${missing ? ` (skipped: ${missing})` : ""}`, () => {
  const clone = mkdtempSync(path.join(os.tmpdir(), "droplets-"));
  const settings = sandboxSettings(clone);
  const [web, other] = [700000001, 700000002];
  const closers: (() => Promise<void>)[] = [];
  let network: PublicNetwork;
  let hypervisor: DockerHypervisor;
  let reserved: string;
  let prefix: string;

  const inside = async (droplet: number, script: string) =>
    (await inDroplet(settings, droplet, script)).stdout;
  const fromHost = async (address: string) =>
    (await execa("curl", ["--silent", "--max-time", "3", `http://${address}:8080/`], { reject: false }))
      .stdout;
  const fromDroplet = (address: string) =>
    inside(other, `curl --silent --max-time 3 http://${address}:8080/`);
  const allOut = [{ protocol: "tcp", addresses: ["0.0.0.0/0"] } as const];

  beforeAll(async () => {
    network = await ensurePublicNetwork(settings);
    prefix = publicNetwork(network.slot).prefix;
    reserved = `${prefix}.200`;
    const mirrors = await startAptMirror({ settings, address: network.gateway });
    closers.push(() => mirrors.close());
    const metadata = await startMetadataService({ settings, address: network.gateway });
    closers.push(() => metadata.close());
    const onImage = async (kind: DropletImageKind) => {
      const image = await ensureDropletImage(settings, undefined, { kind });
      return dockerHypervisor({ settings, network, image, mirrors });
    };
    hypervisor = await onImage("bare");
    const prepared = await onImage("prepared");
    await Promise.all([
      hypervisor.create(dropletMachine(web, prefix, 11, userData)),
      prepared.create(dropletMachine(other, prefix, 12, cloudConfig({ packages: preparedPackages }))),
    ]);
    await hypervisor.setReservedIp(reserved, web);
    await inside(web, "until [ -S /run/systemd/private ]; do sleep 0.2; done; cloud-init status --wait");
  }, 400_000);

  afterAll(async () => {
    for (const close of closers) await close();
    await removeDroplets(settings);
    await releaseVolumes(settings);
    await removeBridges(settings);
    rmSync(clone, { recursive: true });
  }, 100_000);

  const installed = (droplet: number) => inside(droplet, "grep -c ' installed ' /var/log/dpkg.log; true");

  test("user-data ran on the bare image, with packages from the mirror", async () => {
    expect(await inside(web, "cat /root/user-data-runs")).toBe("once");
    expect(Number(await installed(web))).toBeGreaterThan(preparedPackages.length);
    expect(await inside(web, "cat /etc/apt/sources.list")).toContain(`http://${network.gateway}:`);
    expect(await inside(web, "hostname")).toBe("droplet-11");
  });

  test("the prepared image has the packages already, and shares nothing else with its droplets", async () => {
    await inside(other, "cloud-init status --wait");
    expect(await installed(other)).toBe("");
    expect(await inside(other, "docker info --format '{{.Containers}}'")).toBe("0");
    for (const file of ["/etc/machine-id", "/etc/ssh/ssh_host_ed25519_key.pub"]) {
      const own = await inside(other, `cat ${file}`);
      expect(own).not.toBe("");
      expect(await inside(web, `cat ${file}`)).not.toBe(own);
    }
  });

  test("without an SSH key sshd takes the root password, unless user-data of a node without keys closes that", async () => {
    expect(await inside(other, logIn)).toMatch(/change your password|Password change required/);
    expect(await inside(web, logIn)).toMatch(/Permission denied \(publickey\)/);
    expect(await inside(web, "passwd --status root")).toMatch(/^root L never /);
    // PAM lets cron work for root although the password was expired.
    expect(await inside(web, "su root -c 'echo works'")).toBe("works");
  });

  test("a published port answers at the public, the VPC and the reserved address", async () => {
    expect(await fromHost(`${prefix}.11`)).toBe("served");
    expect(await fromHost(reserved)).toBe("served");
    expect(await fromDroplet(reserved)).toBe("served");
    expect(await fromDroplet("10.104.0.11")).toBe("served");
  });

  test("the droplet behind the reserved address reaches it too, and so does a container of it", async () => {
    expect(await inside(web, `curl --silent --max-time 3 http://${reserved}:8080/`)).toBe("served");
    await inside(
      web,
      "mkdir /srv/www && echo own > /srv/www/index.html && busybox httpd -p 8081 -h /srv/www",
    );
    const fetched = `/bin/busybox wget -q -O - http://${reserved}:8081/`;
    expect(await inside(web, `docker exec $(docker ps --quiet) ${fetched} 2>&1`)).toBe("own");
  });

  test("a container that is shown the whole droplet sees what is mounted later, as on a machine of its own", async () => {
    const start =
      "docker run --detach --name onlooker --volume /:/host:ro,rslave busybox /bin/busybox sleep 60";
    await inside(web, start);
    await inside(web, "mount -t tmpfs later /mnt && touch /mnt/later");
    expect(await inside(web, "docker exec onlooker /bin/busybox ls /host/mnt")).toBe("later");
    await inside(web, "docker rm --force onlooker; umount /mnt");
  });

  test("the reserved address is none of the droplet's", async () => {
    const addresses = await inside(web, "ip -4 -brief address");
    expect(addresses).toContain("10.15.0.11/16");
    expect(addresses).not.toContain(reserved);
  });

  test("metadata is the droplet's own, in a container too", async () => {
    const url = "http://169.254.169.254/metadata/v1/id";
    expect(await inside(other, `curl --silent --max-time 3 ${url}`)).toBe(String(other));
    const container = "$(docker ps --quiet)";
    expect(await inside(web, `docker exec ${container} /bin/busybox wget -q -O - ${url}`)).toBe(String(web));
  });

  test("the firewall judges a published port by the caller", async () => {
    const inbound = [{ protocol: "tcp", ports: "8080", addresses: [`${network.gateway}/32`] } as const];
    await hypervisor.setFirewall(web, { inbound, outbound: allOut });
    expect(await fromHost(reserved)).toBe("served");
    expect(await fromDroplet(reserved)).toBe("");
    expect(await fromDroplet("10.104.0.11")).toBe("");
  });

  testEdges(() => ({ settings, bare: web, prepared: other, gateway: network.gateway }));

  test("without outbound rules nothing leaves but what was asked for", async () => {
    const inbound = [{ protocol: "tcp", ports: "8080", addresses: ["0.0.0.0/0"] } as const];
    await hypervisor.setFirewall(other, { inbound: [], outbound: [] });
    await hypervisor.setFirewall(web, { inbound, outbound: [] });
    expect(await fromHost(reserved)).toBe("served");
    expect(await fromDroplet(reserved)).toBe("");
    await hypervisor.setFirewall(other, undefined);
    expect(await fromDroplet(reserved)).toBe("served");
  });

  test("a reboot keeps disk, containers, firewall and reserved address, and runs user-data no more", async () => {
    const inbound = [{ protocol: "tcp", ports: "8080", addresses: [`${network.gateway}/32`] } as const];
    await hypervisor.setFirewall(web, { inbound, outbound: allOut });
    await hypervisor.reboot(web);
    await expect.poll(() => fromHost(reserved), { timeout: 60_000, interval: 1000 }).toBe("served");
    expect(await fromDroplet(reserved)).toBe("");
    expect(await inside(web, "cat /root/user-data-runs")).toBe("once");
  });

  test("a reserved address moves", async () => {
    await hypervisor.setFirewall(web, undefined);
    await hypervisor.setReservedIp(reserved, other);
    expect(await fromHost(reserved)).toBe("");
    await hypervisor.setReservedIp(reserved, web);
    expect(await fromHost(reserved)).toBe("served");
    await hypervisor.setReservedIp(reserved, undefined);
    expect(await fromHost(reserved)).toBe("");
  });

  test("a droplet that is off is resized, up and down, and boots with the memory of its new size", async () => {
    const limit = "{{.HostConfig.Memory}} {{.HostConfig.MemorySwap}} {{.HostConfig.NanoCpus}}";
    const limits = async () => {
      const name = containerName(settings.id, other);
      return (await execa("docker", ["container", "inspect", "--format", limit, name])).stdout;
    };
    const original = await limits();
    await hypervisor.powerOff(other);
    await hypervisor.resize(other, { vcpus: 1, memoryMiB: 4096 });
    expect(await limits()).toBe(`${4 * 1024 ** 3} ${8 * 1024 ** 3} 1000000000`);
    await hypervisor.powerOn(other);
    expect(
      await inside(
        other,
        "cat /sys/fs/cgroup/memory.max /sys/fs/cgroup/memory/memory.limit_in_bytes 2> /dev/null",
      ),
    ).toBe(String(4 * 1024 ** 3));
    await hypervisor.powerOff(other);
    await hypervisor.resize(other, { vcpus: 1, memoryMiB: 1024 });
    expect(await limits()).toBe(original);
  });

  test("a destroyed droplet leaves nothing", async () => {
    await hypervisor.destroy(other);
    await hypervisor.destroy(other);
    const { stdout } = await execa("docker", [
      "ps",
      "--all",
      "--quiet",
      "--filter",
      `name=${containerName(settings.id, other)}`,
    ]);
    expect(stdout).toBe("");
    expect(readdirSync(path.join(settings.stateDir, "droplets"))).not.toContain(String(other));
  });
});
