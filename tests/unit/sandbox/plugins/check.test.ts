import { describe, expect, test } from "vitest";
import { droplet } from "../../../../sandbox/offline/plugins/digitalocean/droplet.ts";
import { firewall } from "../../../../sandbox/offline/plugins/digitalocean/firewall.ts";
import { reservedIpAssignment } from "../../../../sandbox/offline/plugins/digitalocean/reserved-ip.ts";
import { tag } from "../../../../sandbox/offline/plugins/digitalocean/tag.ts";
import { volume } from "../../../../sandbox/offline/plugins/digitalocean/volume.ts";
import { vpc } from "../../../../sandbox/offline/plugins/digitalocean/vpc.ts";
import { checkInputs } from "../../../../providers/engine/check.ts";
import { checkConfiguration, configurationValues } from "../../../../providers/engine/configuration.ts";
import type { InputProperty, ResourceType } from "../../../../providers/engine/resource-type.ts";
import { unknown } from "../../../../providers/engine/values.ts";
import type { Properties } from "../../../../providers/engine/values.ts";
import { selfSignedCert } from "../../../../sandbox/offline/plugins/tls/certificates.ts";

const table: Record<string, InputProperty> = {
  size: {
    type: "number",
    required: true,
    problem: (value) => (Number(value) > 9 ? "is too large" : undefined),
  },
  name: { type: "string", default: "generated" },
  detach: { type: "boolean", default: true },
};

describe("checkInputs", () => {
  test.each([
    [{}, "size", 'missing required property "size"'],
    [{ size: "many" }, "size", "expected a number, got string"],
    [{ size: 10 }, "size", "is too large"],
    [{ size: 1, sise: 2 }, "sise", 'an unexpected argument "sise" was provided'],
    [{ size: 1, detach: [] }, "detach", "expected a boolean, got list"],
  ])("%j fails by %s", (given, property, reason) => {
    expect(checkInputs(table, given).failures).toEqual([{ property, reason }]);
  });

  test("converts as the official plugins do and fills in defaults", () => {
    const { inputs, failures } = checkInputs(table, { size: "3", detach: "false", name: 7 });
    expect(failures).toEqual([]);
    expect(inputs).toEqual({ size: 3, detach: false, name: "7" });
  });

  test("does not judge what is unknown", () => {
    expect(checkInputs(table, { size: unknown }).failures).toEqual([]);
  });

  test("keeps a generated name and makes a new one for a replacement", () => {
    const first = checkInputs(table, { size: 1 }, {}, "node").inputs["name"];
    expect(first).toMatch(/^node-[0-9a-f]{7}$/);
    expect(checkInputs(table, { size: 1 }, { name: first }, "node").inputs["name"]).toBe(first);
    expect(checkInputs(table, { size: 1 }, {}, "node").inputs["name"]).not.toBe(first);
    expect(checkInputs(table, { size: 1 }, { name: "chosen" }, "node").inputs["name"]).not.toBe("chosen");
  });
});

describe("what the tables refuse", () => {
  const rule = { protocol: "tcp", portRange: "1", sourceAddresses: ["::/0"] };
  test.each<[string, Pick<ResourceType<never>, "inputs" | "check">, Properties, string]>([
    ["a range that is no CIDR", vpc, { region: "a", ipRange: "10.0.0.0/99" }, "ipRange"],
    ["a long description", vpc, { region: "a", description: "d".repeat(256) }, "description"],
    ["a tag with a space", tag, { name: "bad tag" }, "name"],
    ["an empty image", droplet, { size: "s", image: "" }, "image"],
    ["empty user data", droplet, { size: "s", image: "a", userData: "" }, "userData"],
    ["an empty SSH key", droplet, { size: "s", image: "a", sshKeys: ["1", ""] }, "sshKeys"],
    ["an empty tag", droplet, { size: "s", image: "a", tags: [""] }, "tags"],
    ["an address that is none", reservedIpAssignment, { dropletId: 1, ipAddress: "x" }, "ipAddress"],
    ["droplet 0", reservedIpAssignment, { dropletId: 0, ipAddress: "192.0.2.1" }, "dropletId"],
    ["a volume of nothing", volume, { region: "a", size: 0 }, "size"],
    ["NTFS", volume, { region: "a", size: 1, initialFilesystemType: "ntfs" }, "initialFilesystemType"],
    [
      "a file system twice",
      volume,
      { region: "a", size: 1, filesystemType: "ext4", initialFilesystemType: "ext4" },
      "filesystemType",
    ],
    ["another protocol", firewall, { inboundRules: [{ protocol: "sctp" }] }, "inboundRules[0].protocol"],
    ["no protocol", firewall, { outboundRules: [{}] }, "outboundRules[0].protocol"],
    [
      "an empty port range",
      firewall,
      { inboundRules: [{ ...rule, portRange: "" }] },
      "inboundRules[0].portRange",
    ],
    [
      "an empty address",
      firewall,
      { inboundRules: [rule, { ...rule, sourceAddresses: [""] }] },
      "inboundRules[1].sourceAddresses",
    ],
    [
      "a negative validity",
      selfSignedCert,
      { privateKeyPem: "k", allowedUses: [], validityPeriodHours: -1 },
      "validityPeriodHours",
    ],
  ])("%s, by the name of the property", (_name, type, given, property) => {
    const { inputs, failures } = checkInputs(type.inputs, given);
    const all = [...failures, ...(type.check?.(inputs) ?? [])];
    expect(all.map((failure) => failure.property)).toEqual([property]);
  });

  test("nothing in a firewall as the program makes it", () => {
    expect(firewall.check?.({ inboundRules: [rule], outboundRules: [{ protocol: "icmp" }] })).toEqual([]);
  });
});

describe("configuration", () => {
  const definition = {
    configuration: {
      address: { type: "string" },
      skipVerify: { type: "boolean" },
      headers: { type: "list" },
    } satisfies Record<string, InputProperty>,
  };

  test("reads what is not a string from JSON", () => {
    const given = { address: "1", skipVerify: "true", headers: '[{"name":"a"}]', version: "2.6.1" };
    expect(checkConfiguration(definition, given)).toEqual([]);
    expect(configurationValues(definition, given)).toEqual({
      address: "1",
      skipVerify: true,
      headers: [{ name: "a" }],
    });
  });

  test.each([
    [{ skipVerify: "maybe" }, "skipVerify"],
    [{ adress: "x" }, "adress"],
  ])("%j names %s", (given, property) => {
    expect(checkConfiguration(definition, given).map((failure) => failure.property)).toEqual([property]);
  });
});
