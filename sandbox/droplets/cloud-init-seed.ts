import type { Machine } from "../../emulators/digitalocean/index.ts";

/** Where droplets fetch Debian packages. */
export interface DebianMirrors {
  readonly debian: string;
  readonly security: string;
}

/** Files of cloud-init's NoCloud seed. JSON is YAML, so nothing needs quoting rules of its own. */
export function cloudInitSeed(machine: Machine, mirrors: DebianMirrors): Record<string, string> {
  const metaData = {
    "instance-id": String(machine.id),
    "local-hostname": machine.name,
    "public-keys": machine.sshKeys,
  };
  // DigitalOcean too points its images at its own mirrors this way; user-data may say otherwise.
  const vendorData = { apt: { preserve_sources_list: false, sources_list: sourcesList(mirrors) } };
  return {
    "meta-data": JSON.stringify(metaData),
    "user-data": machine.userData,
    "vendor-data": `#cloud-config\n${JSON.stringify(vendorData)}\n`,
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
