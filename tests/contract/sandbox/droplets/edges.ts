import { once } from "node:events";
import { createServer } from "node:net";
import path from "node:path";
import { execa } from "execa";
import { expect, test } from "vitest";
import { containerName } from "../../../../sandbox/droplets/names.ts";
import type { SandboxSettings } from "../../../../sandbox/settings.ts";
import { inDroplet } from "../../../support/droplet-machine.ts";

const root = path.resolve(import.meta.dirname, "../../../..");

interface Droplets {
  readonly settings: SandboxSettings;
  /** Droplets that run, of either image. */
  readonly bare: number;
  readonly prepared: number;
  /** The host's address in the public network. */
  readonly gateway: string;
}

/** What DigitalOcean does to droplets unasked, and what nodes are installed with because of it. */
export function testEdges(droplets: () => Droplets): void {
  test("no droplet reaches a mail server's port, whatever its firewall says", async () => {
    const { settings, bare, gateway } = droplets();
    expect(await mailAnswer(settings, bare, gateway, 2525)).toBe("220 mail");
    for (const port of [25, 465, 587]) expect(await mailAnswer(settings, bare, gateway, port)).toBe("");
  });

  test("apt's locks are held at the first boot, and the nodes' own installation waits for them", async () => {
    const { settings, bare } = droplets();
    const unit = await inDroplet(settings, bare, "journalctl --unit first-boot-apt --output cat");
    expect(unit.stdout).toContain("Deactivated successfully");
    const { exitCode, stdout } = await installWhileAptIsBusy(settings, bare);
    expect(stdout).toContain("Could not get lock /var/lib/apt/lists/lock");
    expect(stdout).toContain("it is tried again");
    expect(exitCode).toBe(0);
  });

  test("the nodes' security updates leave Docker alone, and take nothing from another archive", async () => {
    const { settings, bare } = droplets();
    const container = containerName(settings.id, bare);
    const copy = (file: string, to: string) =>
      execa("docker", ["cp", path.join(root, file), `${container}:${to}`]);
    await copy("components/nodes/files/security-updates.conf", "/etc/apt/apt.conf.d/52security-updates");
    await copy("tests/contract/sandbox/droplets/offer-updates.sh", "/root/");
    const offered = "docker.io containerd runc tini unzip -- curl";
    const { exitCode, stdout, stderr } = await inDroplet(
      settings,
      bare,
      `bash /root/offer-updates.sh ${offered}; code=$?; rm /etc/apt/apt.conf.d/52security-updates; exit $code`,
    );
    expect(exitCode, stderr).toBe(0);
    expect(stdout.trim()).toBe("unzip");
  });

  test("the prepared image has the plugins that Nomad's bridge networks need", async () => {
    const { settings, prepared } = droplets();
    const plugins =
      "for plugin in bridge firewall host-local loopback portmap; do /usr/lib/cni/$plugin; done";
    const { stdout } = await inDroplet(settings, prepared, `${plugins} 2>&1`);
    // Debian's say no version of their own; Nomad takes the last of the protocol's, which has no comma behind it.
    expect(stdout.match(/^CNI protocol versions supported: .* \d+\.\d+\.\d+$/gm)).toHaveLength(5);
  });
}

/** What a droplet gets from a mail server that listens on an address of the host; empty if it does not get there. */
async function mailAnswer(
  settings: SandboxSettings,
  droplet: number,
  address: string,
  port: number,
): Promise<string> {
  const server = createServer((socket) => socket.end("220 mail\n")).listen(port, address);
  await once(server, "listening");
  try {
    const ask = `curl --silent --max-time 2 telnet://${address}:${port} < /dev/null`;
    return (await inDroplet(settings, droplet, ask)).stdout;
  } finally {
    server.close();
  }
}

/** Installs a package as a node does, while apt's locks are held for four seconds as at a droplet's first boot. */
async function installWhileAptIsBusy(settings: SandboxSettings, droplet: number) {
  const container = containerName(settings.id, droplet);
  for (const file of ["components/nodes/files/install-packages.sh", "sandbox/droplets/hold-apt-locks.sh"])
    await execa("docker", ["cp", path.join(root, file), `${container}:/root/`]);
  const hold =
    "rm /var/lib/first-boot-apt; sed -i s/SECONDS/4/ hold-apt-locks.sh; sh hold-apt-locks.sh; sleep 1";
  return inDroplet(
    settings,
    droplet,
    `cd /root; (${hold}) > /dev/null 2>&1; bash install-packages.sh curl 2>&1`,
  );
}
