import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { findPulumi, pulumiWorkspace } from "../../../support/pulumi/workspace.ts";
import type { PulumiWorkspace } from "../../../support/pulumi/workspace.ts";
import { startEmulator, token } from "../../../support/digitalocean-emulator.ts";
import { sshPublicKey } from "../../../support/digitalocean/ssh-public-key.ts";
import type { TestEmulator } from "../../../support/digitalocean-emulator.ts";

const pulumi = findPulumi();

const program = (userData: string, sourceTag: string, size = "s-1vcpu-2gb") => `
  import * as digitalocean from "@pulumi/digitalocean";
  import * as pulumi from "@pulumi/pulumi";
  const account = digitalocean.getAccountOutput();
  const sizes = digitalocean.getSizesOutput({ filters: [{ key: "slug", values: ["s-1vcpu-2gb"] }] });
  const vpc = new digitalocean.Vpc("blog", { region: "sgp1", ipRange: "10.20.0.0/24" });
  const tag = new digitalocean.Tag("node", { name: "blog-node" });
  const other = new digitalocean.Tag("other", { name: "other" });
  const address = new digitalocean.ReservedIp("node", { region: "sgp1" });
  const key = new digitalocean.SshKey("node", { publicKey: "${sshPublicKey(1)}" });
  const droplet = new digitalocean.Droplet("node", {
    sshKeys: [key.fingerprint],
    image: "debian-12-x64", region: "sgp1", size: "${size}", vpcUuid: vpc.id, tags: [tag.name],
    userData: pulumi.secret(${JSON.stringify(userData)}),
  });
  new digitalocean.ReservedIpAssignment("node", { ipAddress: address.ipAddress, dropletId: droplet.id.apply(Number) });
  new digitalocean.Firewall("node", {
    tags: [tag.name],
    inboundRules: [
      { protocol: "tcp", portRange: "22", sourceAddresses: ["0.0.0.0/0", "::/0"] },
      { protocol: "tcp", portRange: "4647", sourceTags: ["${sourceTag}"] },
    ],
    outboundRules: [{ protocol: "icmp", destinationAddresses: ["0.0.0.0/0"] }],
  }, { dependsOn: [tag, other] });
  export const limit = account.dropletLimit;
  export const memory = sizes.sizes[0].memory;
  export const privateAddress = droplet.ipv4AddressPrivate;
`;

describe.skipIf(pulumi === undefined)("the digitalocean stand-in (needs pulumi on PATH)", () => {
  let emulator: TestEmulator;
  let workspace: PulumiWorkspace;

  beforeAll(async () => {
    emulator = await startEmulator({ rateLimit: { perMinute: 5000 } });
    workspace = await pulumiWorkspace(pulumi ?? "", {
      DIGITALOCEAN_TOKEN: token,
      DIGITALOCEAN_API_URL: emulator.url,
    });
    await workspace.program(program("one-canary", "blog-node"));
  });
  afterAll(async () => {
    await workspace.remove();
    await emulator.close();
  });

  const droplets = async () =>
    (await emulator.call<{ droplets: { id: number }[] }>("GET", "/v2/droplets")).body;

  test("previews, creates, and waits until the droplet is active and its address assigned", async () => {
    const preview = await workspace.pulumi("preview");
    expect(preview.output).toContain("+ 9 to create");
    const up = await workspace.pulumi("up", "--yes", "--skip-preview");
    expect(up.output).toContain("9 created");
    expect(up.output).toMatch(/privateAddress: "10\.20\.0\.\d+"/);
    expect(up.output).toContain("limit         : 25");
    expect(up.output).toContain("memory        : 2048");
  });

  test("finds nothing to do the second time", async () => {
    await workspace.pulumi("refresh", "--yes", "--skip-preview");
    expect((await workspace.pulumi("preview", "--expect-no-changes")).exitCode).toBe(0);
    const refreshed = await workspace.pulumi("refresh", "--yes", "--expect-no-changes");
    expect(refreshed.exitCode).toBe(0);
  });

  test("shows a changed firewall rule by its path and changes it in place", async () => {
    await workspace.program(program("one-canary", "other"));
    const preview = await workspace.pulumi("preview", "--diff");
    expect(preview.output).toMatch(/sourceTags\s*:/);
    expect(preview.output).toContain(`"blog-node" => "other"`);
    expect(preview.output).toContain("~ 1 to update");
    expect((await workspace.pulumi("up", "--yes", "--skip-preview")).output).toContain("1 updated");
  });

  test("replaces a droplet, and its address' assignment, when user data changes, and shows no secret", async () => {
    await workspace.program(program("two-canary", "other"));
    const preview = await workspace.pulumi("preview", "--diff");
    expect(preview.output).toContain("userData");
    expect(preview.output).not.toContain("canary");
    expect(preview.output).toContain("+-2 to replace");
    const [before] = (await droplets()).droplets;
    const up = await workspace.pulumi("up", "--yes", "--skip-preview");
    expect(up.output).toContain("2 replaced");
    const after = (await droplets()).droplets;
    expect(after).toHaveLength(1);
    expect(after[0]?.id).not.toBe(before?.id);
  });

  test("says which request failed and why", async () => {
    await workspace.program(program("two-canary", "other", "s-999vcpu"));
    const up = await workspace.pulumi("up", "--yes", "--skip-preview");
    expect(up.exitCode).not.toBe(0);
    expect(up.output).toMatch(/(POST|GET) \/v2\/droplets\/?.*: \d{3} /);
  });

  test("lets a droplet that was deleted behind its back go at the next refresh, and makes a new one", async () => {
    await workspace.program(program("two-canary", "other"));
    await emulator.call("DELETE", `/v2/droplets/${(await droplets()).droplets[0]?.id}`);
    // As the official plugin, which does not take a droplet that is gone for a deleted one (measured).
    const destroy = await workspace.pulumi("destroy", "--yes", "--skip-preview");
    expect(destroy.exitCode).not.toBe(0);
    expect(destroy.output).toMatch(/is assigned to no droplet, so there is nothing to delete/);
    const refresh = await workspace.pulumi("refresh", "--yes", "--skip-preview");
    expect(refresh.output).toContain("2 deleted");
    expect((await workspace.pulumi("up", "--yes", "--skip-preview")).output).toContain("2 created");
  });

  test("survives a 429 and a 500", async () => {
    await emulator.call("POST", "/_emulator/faults", {
      kind: "fail-before",
      path: "/v2/tags/.*",
      method: "GET",
      status: 429,
      retryAfter: 1,
      times: 1,
    });
    await emulator.call("POST", "/_emulator/faults", {
      kind: "fail-before",
      path: "/v2/vpcs/.*",
      method: "GET",
      status: 500,
      times: 1,
    });
    expect((await workspace.pulumi("refresh", "--yes", "--skip-preview")).exitCode).toBe(0);
  });

  test("imports what is there", async () => {
    const { body } = await emulator.call<{ vpc: { id: string } }>("POST", "/v2/vpcs", {
      name: "found",
      region: "sgp1",
      ip_range: "10.30.0.0/24",
    });
    const source = program("two-canary", "other");
    await workspace.program(
      `${source}\nnew digitalocean.Vpc("found", { name: "found", region: "sgp1", ipRange: "10.30.0.0/24" }, { import: "${body.vpc.id}" });`,
    );
    expect((await workspace.pulumi("up", "--yes", "--skip-preview")).output).toContain("1 imported");
  });

  test("destroys everything", async () => {
    expect((await workspace.pulumi("destroy", "--yes", "--skip-preview")).output).toContain("10 deleted");
    expect((await droplets()).droplets).toEqual([]);
  });
});
