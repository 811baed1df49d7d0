import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import type { Machine } from "../../emulators/digitalocean/index.ts";

/** Where droplets fetch Debian packages. */
export interface DebianMirrors {
  readonly debian: string;
  readonly security: string;
}

const holdAptLocks = readFileSync(new URL("hold-apt-locks.sh", import.meta.url), "utf8");

/** What a droplet is told at its boot, beside what the API knows of it. */
export interface BootOptions {
  readonly mirrors: DebianMirrors;
  /** Seconds from the first boot on for which something else holds apt's locks, as updates of the image's own do. */
  readonly aptBusy: number;
}

/** Files of cloud-init's NoCloud seed. JSON is YAML, so nothing needs quoting rules of its own. */
export function cloudInitSeed(machine: Machine, { mirrors, aptBusy }: BootOptions): Record<string, string> {
  const metaData = {
    "instance-id": String(machine.id),
    "local-hostname": machine.name,
    "public-keys": machine.sshKeys,
  };
  const configuration = {
    // DigitalOcean too points its images at its own mirrors this way; user-data may say otherwise.
    apt: { preserve_sources_list: false, sources_list: sourcesList(mirrors) },
    ...rootLogin(machine.sshKeys.length > 0),
  };
  const vendorData = [
    { type: "text/cloud-config", content: JSON.stringify(configuration) },
    { type: "text/cloud-boothook", content: holdAptLocks.replace("SECONDS", String(aptBusy)) },
  ];
  return {
    "meta-data": JSON.stringify(metaData),
    "user-data": machine.userData,
    "vendor-data": `#cloud-config-archive\n${JSON.stringify(vendorData)}\n`,
  };
}

/**
 * Without an SSH key DigitalOcean gives root a password that has to be changed at the first login, mails it, and sshd takes
 * passwords; with one it takes none (DigitalOcean documentation, "Reset the root password", "I lost the SSH key for my
 * Droplet"). How it sets the password is not documented. Here nothing is mailed: the password is in the seed.
 */
function rootLogin(hasKeys: boolean): object {
  if (hasKeys) return { ssh_pwauth: false };
  return {
    ssh_pwauth: true,
    chpasswd: {
      expire: true,
      users: [{ name: "root", type: "text", password: randomBytes(12).toString("hex") }],
    },
    // Debian's own sshd lets root in by key only.
    bootcmd: ["echo 'PermitRootLogin yes' > /etc/ssh/sshd_config.d/40-root-login.conf"],
  };
}

function sourcesList({ debian, security }: DebianMirrors): string {
  return [
    `deb ${debian} bookworm main`,
    `deb ${debian} bookworm-updates main`,
    `deb ${security} bookworm-security main`,
    "",
  ].join("\n");
}
