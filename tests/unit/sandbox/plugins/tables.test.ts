import { describe, expect, test } from "vitest";
import { compareProperties } from "../../../../providers/engine/diff.ts";
import type { ResourceType } from "../../../../providers/engine/resource-type.ts";
import type { Properties } from "../../../../providers/engine/values.ts";
import { droplet } from "../../../../sandbox/offline/plugins/digitalocean/droplet.ts";
import { firewall } from "../../../../sandbox/offline/plugins/digitalocean/firewall.ts";
import {
  reservedIp,
  reservedIpAssignment,
} from "../../../../sandbox/offline/plugins/digitalocean/reserved-ip.ts";
import { sshKey } from "../../../../sandbox/offline/plugins/digitalocean/account/ssh-key.ts";
import { tag } from "../../../../sandbox/offline/plugins/digitalocean/tag.ts";
import { volume } from "../../../../sandbox/offline/plugins/digitalocean/volume.ts";
import { vpc } from "../../../../sandbox/offline/plugins/digitalocean/vpc.ts";
import { aclPolicy, aclToken } from "../../../../sandbox/offline/plugins/nomad/acl.ts";
import { namespace } from "../../../../sandbox/offline/plugins/nomad/namespace.ts";
import { job } from "../../../../sandbox/offline/plugins/nomad/job.ts";
import { locallySignedCert, selfSignedCert } from "../../../../sandbox/offline/plugins/tls/certificates.ts";
import { privateKey } from "../../../../sandbox/offline/plugins/tls/private-key.ts";
import { variable } from "../../../../sandbox/offline/plugins/nomad/variable.ts";

type Effect = "none" | "update" | "replace";

function effect(type: Pick<ResourceType<never>, "inputs">, old: Properties, next: Properties): Effect {
  const changes = compareProperties(type.inputs, old, next);
  if (changes.length === 0) return "none";
  return changes.some(({ replaces }) => replaces) ? "replace" : "update";
}

describe("what a changed input does", () => {
  test.each<[string, Pick<ResourceType<never>, "inputs">, Properties, Properties, Effect]>([
    ["droplet user data", droplet, { userData: "a" }, { userData: "b" }, "replace"],
    [
      "droplet user data kept as its SHA-1",
      droplet,
      { userData: "86f7e437faa5a7fce15d1ddcb9eaeaea377667b8" },
      { userData: "a" },
      "none",
    ],
    ["droplet monitoring left out", droplet, { monitoring: true }, {}, "replace"],
    ["droplet monitoring left out after false", droplet, { monitoring: false }, {}, "none"],
    ["droplet image", droplet, { image: "a" }, { image: "b" }, "replace"],
    ["droplet SSH keys", droplet, { sshKeys: ["1"] }, { sshKeys: ["2"] }, "replace"],
    ["droplet SSH keys, reordered", droplet, { sshKeys: ["1", "2"] }, { sshKeys: ["2", "1"] }, "none"],
    ["droplet VPC", droplet, { vpcUuid: "a" }, { vpcUuid: "b" }, "replace"],
    ["droplet monitoring", droplet, { monitoring: false }, { monitoring: true }, "replace"],
    ["droplet name", droplet, { name: "a" }, { name: "b" }, "update"],
    ["droplet size", droplet, { size: "a" }, { size: "b" }, "update"],
    ["droplet size in capitals", droplet, { size: "s-1VCPU-1gb" }, { size: "s-1vcpu-1gb" }, "none"],
    ["droplet tags", droplet, { tags: ["a"] }, { tags: ["a", "b"] }, "update"],
    ["droplet region left out", droplet, { region: "sgp1" }, {}, "none"],
    ["droplet volumes", droplet, { volumeIds: ["a"] }, { volumeIds: ["b"] }, "update"],
    ["droplet volumes, reordered", droplet, { volumeIds: ["a", "b"] }, { volumeIds: ["b", "a"] }, "none"],
    ["droplet volumes left out", droplet, { volumeIds: ["a"] }, {}, "none"],
    ["droplet volumes taken away", droplet, { volumeIds: ["a"] }, { volumeIds: [] }, "update"],
    ["droplet shutdown", droplet, { gracefulShutdown: false }, { gracefulShutdown: true }, "update"],
    ["volume name", volume, { name: "a" }, { name: "b" }, "replace"],
    ["volume region", volume, { region: "sgp1" }, { region: "ams3" }, "replace"],
    ["volume region in capitals", volume, { region: "sgp1" }, { region: "SGP1" }, "none"],
    ["volume description", volume, { description: "a" }, { description: "b" }, "replace"],
    ["volume snapshot", volume, {}, { snapshotId: "a" }, "replace"],
    ["volume file system", volume, { initialFilesystemType: "ext4" }, {}, "replace"],
    ["volume label", volume, { initialFilesystemLabel: "a" }, { initialFilesystemLabel: "b" }, "replace"],
    ["volume size", volume, { size: 1 }, { size: 2 }, "update"],
    ["volume tags", volume, { tags: ["a"] }, { tags: ["b"] }, "update"],
    ["SSH key", sshKey, { publicKey: "ssh-rsa a" }, { publicKey: "ssh-rsa b" }, "replace"],
    ["SSH key with a newline", sshKey, { publicKey: "ssh-rsa a" }, { publicKey: "ssh-rsa a\n" }, "none"],
    ["SSH key name", sshKey, { name: "a" }, { name: "b" }, "update"],
    ["vpc range", vpc, { ipRange: "10.0.0.0/24" }, { ipRange: "10.0.1.0/24" }, "replace"],
    ["vpc range left out", vpc, { ipRange: "10.0.0.0/24" }, {}, "none"],
    ["vpc description", vpc, { description: "a" }, { description: "b" }, "update"],
    ["firewall rules", firewall, { inboundRules: [{ protocol: "icmp" }] }, { inboundRules: [] }, "update"],
    [
      "firewall addresses in another order",
      firewall,
      { inboundRules: [{ protocol: "tcp", portRange: "4646", sourceAddresses: ["a", "b"] }] },
      { inboundRules: [{ protocol: "tcp", portRange: "4646", sourceAddresses: ["b", "a"] }] },
      "none",
    ],
    ["reserved IP region in capitals", reservedIp, { region: "sgp1" }, { region: "SGP1" }, "none"],
    ["tag name", tag, { name: "a" }, { name: "b" }, "replace"],
    ["reserved IP region", reservedIp, { region: "sgp1" }, { region: "ams3" }, "replace"],
    ["assignment", reservedIpAssignment, { dropletId: 1 }, { dropletId: 2 }, "replace"],
    [
      "job with a default written out",
      job,
      { jobspec: '{"ID":"a"}' },
      { jobspec: '{"Job":{"ID":"a","Priority":50}}' },
      "none",
    ],
    [
      "job with a field that Nomad does not know",
      job,
      { jobspec: '{"ID":"a"}' },
      { jobspec: '{"ID":"a","Nope":1}' },
      "none",
    ],
    ["job type", job, { jobspec: '{"ID":"a"}' }, { jobspec: '{"ID":"a","Type":"system"}' }, "update"],
    [
      "job environment",
      job,
      { jobspec: '{"ID":"a","Meta":{"k":"0"}}' },
      { jobspec: '{"ID":"a","Meta":{"k":""}}' },
      "update",
    ],
    ["certificate without a maximum path length", selfSignedCert, {}, {}, "none"],
    ["certificate's maximum path length", selfSignedCert, {}, { maxPathLength: 0 }, "replace"],
    [
      "uses in another order",
      locallySignedCert,
      { allowedUses: ["a", "b"] },
      { allowedUses: ["b", "a"] },
      "replace",
    ],
    ["early renewal hours", locallySignedCert, { earlyRenewalHours: 0 }, { earlyRenewalHours: 9 }, "update"],
    ["key bits left out", privateKey, { rsaBits: 2048 }, {}, "none"],
    ["key bits", privateKey, { rsaBits: 2048 }, { rsaBits: 4096 }, "replace"],
    ["token lifetime 0s for none", aclToken, {}, { expirationTtl: "0s" }, "none"],
    ["token lifetime first given", aclToken, { expirationTtl: "0s" }, { expirationTtl: "1h" }, "replace"],
    ["variable items", variable, { items: { a: "1" } }, { items: { a: "2" } }, "update"],
    ["variable namespace", variable, { namespace: "default" }, { namespace: "watch" }, "replace"],
    ["namespace name", namespace, { name: "a" }, { name: "b" }, "replace"],
    ["namespace description", namespace, { description: "a" }, { description: "b" }, "update"],
    ["namespace description left out", namespace, { description: "" }, {}, "none"],
    ["namespace meta", namespace, { meta: { owner: "a" } }, { meta: { owner: "b" } }, "update"],
    [
      "namespace drivers in another order, which the plugin keeps as a list",
      namespace,
      { capabilities: { enabledTaskDrivers: ["docker", "exec"] } },
      { capabilities: { enabledTaskDrivers: ["exec", "docker"] } },
      "update",
    ],
    ["variable path", variable, { path: "a" }, { path: "b" }, "replace"],
    ["write-only items of the same version", variable, { itemsWo: "1" }, { itemsWo: "2" }, "none"],
    ["write-only items of a new version", variable, { itemsWoVersion: 1 }, { itemsWoVersion: 2 }, "update"],
    ["policy rules", aclPolicy, { rulesHcl: "a" }, { rulesHcl: "b" }, "update"],
    ["token policies", aclToken, { policies: ["a"] }, { policies: ["b"] }, "update"],
    [
      "token lifetime, written otherwise",
      aclToken,
      { expirationTtl: "1h0m0s" },
      { expirationTtl: "60m" },
      "none",
    ],
    ["token lifetime", aclToken, { expirationTtl: "1h" }, { expirationTtl: "2h" }, "replace"],
  ])("%s", (_name, type, old, next, expected) => {
    expect(effect(type, old, next)).toBe(expected);
  });
});
