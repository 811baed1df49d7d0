import { expect, test } from "vitest";
import type { Machine } from "../../../../emulators/digitalocean/index.ts";
import { cloudInitSeed } from "../../../../sandbox/droplets/cloud-init-seed.ts";
import { metadata, metadataText } from "../../../../sandbox/droplets/metadata.ts";

const machine: Machine = {
  id: 500000001,
  name: "server-1",
  userData: "#cloud-config\n{}\n",
  sshKeys: ["ssh-ed25519 AAAA one", "ssh-ed25519 BBBB two"],
  publicAddress: "198.18.0.11",
  anchorAddress: "10.15.0.11",
  vpc: { id: "vpc-1", ipRange: "10.104.0.0/20", address: "10.104.0.11" },
  vcpus: 2,
  memoryMiB: 4096,
};

test.each([
  ["id", "500000001"],
  ["hostname", "server-1"],
  ["region", "sgp1"],
  ["user-data", "#cloud-config\n{}\n"],
  ["public-keys", "ssh-ed25519 AAAA one\nssh-ed25519 BBBB two"],
  ["interfaces/public/0/ipv4/address", "198.18.0.11"],
  ["interfaces/public/0/anchor_ipv4/address", "10.15.0.11"],
  ["interfaces/private/0/ipv4/address", "10.104.0.11"],
  ["interfaces", "public/\nprivate/"],
  ["interfaces/public", "0/"],
  ["reserved_ip/ipv4/active", "true"],
  ["floating_ip/ipv4/ip_address", "198.18.1.1"],
  ["interfaces/public/1", undefined],
  ["hostname/more", undefined],
  ["constructor", undefined],
])("metadata at %s", (path, expected) => {
  expect(metadataText(metadata(machine, "sgp1", "198.18.1.1"), path.split("/"))).toBe(expected);
});

const mirrors = { debian: "http://mirror/debian", security: "http://mirror/debian-security" };

test("the seed carries what cloud-init asks for", () => {
  const seed = cloudInitSeed(machine, { mirrors, aptBusy: 7 });
  expect(seed["user-data"]).toBe(machine.userData);
  expect(JSON.parse(seed["meta-data"] ?? "")).toEqual({
    "instance-id": "500000001",
    "local-hostname": "server-1",
    "public-keys": machine.sshKeys,
  });
  expect(seed["vendor-data"]).toContain("deb http://mirror/debian-security bookworm-security main");
  expect(seed["vendor-data"]).toContain("time.sleep(7)");
});

test("without an SSH key root has a password that has to be changed, another one for each droplet", () => {
  interface VendorData {
    ssh_pwauth: boolean;
    chpasswd?: { expire: boolean; users: { name: string; password: string }[] };
  }
  const vendorData = (sshKeys: readonly string[]) => {
    const seed = cloudInitSeed({ ...machine, sshKeys }, { mirrors, aptBusy: 7 });
    const [, parts] = seed["vendor-data"]!.split("#cloud-config-archive\n");
    const [{ content }] = JSON.parse(parts!) as [{ content: string }];
    return JSON.parse(content) as VendorData;
  };
  expect(vendorData(machine.sshKeys)).toMatchObject({ ssh_pwauth: false });
  expect(vendorData(machine.sshKeys).chpasswd).toBeUndefined();
  const [one, other] = [vendorData([]), vendorData([])];
  expect(one).toMatchObject({ ssh_pwauth: true, chpasswd: { expire: true, users: [{ name: "root" }] } });
  expect(one.chpasswd?.users[0]?.password).not.toBe(other.chpasswd?.users[0]?.password);
});
