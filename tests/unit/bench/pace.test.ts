import { describe, expect, it } from "vitest";
import { flatStack } from "../../bench/pace/flat-stack.ts";
import { paceJson, paceRatio, paceTable } from "../../bench/pace/pace-report.ts";
import type { PaceResult } from "../../bench/pace/pace.ts";

const runs = (...seconds: number[]) =>
  seconds.map((value) => ({
    seconds: value,
    userSeconds: value / 2,
    programSeconds: value / 2,
    programCpuSeconds: value / 4,
    programRuns: 1,
  }));

describe("the pace of the program", () => {
  const result: PaceResult = { command: "preview", program: runs(6, 9, 6.5), flat: runs(5, 5, 20) };

  it("is the median of its runs as a multiple of the flat program's", () => {
    expect(paceRatio(result)).toEqual({ seconds: 1.3, userSeconds: 1.3 });
    expect(paceJson([result])).toMatchObject([{ ratio: { seconds: 1.3 }, aim: 1.3, aimMet: true }]);
    expect(paceTable([result])).toMatch(/preview, ratio .* 1\.30 .* aim 1\.3 /);
  });

  it("misses the aim above 1.3", () => {
    const slow = { ...result, program: runs(6.6) };
    expect(paceJson([slow])).toMatchObject([{ aimMet: false }]);
    expect(paceTable([slow])).toContain("aim 1.3, missed");
  });
});

describe("the flat stack", () => {
  const prefix = "urn:pulumi:sandbox::project::";
  const component = `${prefix}pkg:index:Network::blog`;
  const vpc = `${prefix}pkg:index:Network$digitalocean:index/vpc:Vpc::vpc`;
  const tag = `${prefix}pkg:index:Network$digitalocean:index/tag:Tag::tag`;
  const droplet = `${prefix}pkg:index:Network$digitalocean:index/droplet:Droplet::node::1`;
  const defaultProvider = `${prefix}pulumi:providers:digitalocean::default_4_80_1`;
  const nomad = `${prefix}pkg:index:Network$pulumi:providers:nomad::nomad`;
  const job = `${prefix}pkg:index:Network$nomad:index/job:Job::job`;
  const secret = { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", plaintext: '"x"' };
  const resources = [
    { urn: `${prefix}pulumi:pulumi:Stack::project-sandbox`, type: "pulumi:pulumi:Stack" },
    { urn: component, type: "pkg:index:Network" },
    { urn: defaultProvider, type: "pulumi:providers:digitalocean", custom: true, inputs: { version: "4" } },
    ...[vpc, tag].map((urn) => ({
      urn,
      type: urn.includes("Vpc") ? "digitalocean:index/vpc:Vpc" : "digitalocean:index/tag:Tag",
      custom: true,
      parent: component,
      provider: `${defaultProvider}::id-1`,
    })),
    {
      urn: droplet,
      type: "digitalocean:index/droplet:Droplet",
      custom: true,
      parent: component,
      provider: `${defaultProvider}::id-1`,
      inputs: { vpcUuid: "7", userData: secret },
      dependencies: [vpc, tag, component],
      propertyDependencies: { vpcUuid: [vpc, component], userData: [] },
      retainOnDelete: true,
    },
    {
      urn: nomad,
      type: "pulumi:providers:nomad",
      custom: true,
      inputs: { __internal: {}, version: "2.6.1", secretId: secret },
    },
    { urn: job, type: "nomad:index/job:Job", custom: true, parent: component, provider: `${nomad}::id-2` },
  ];
  const exported = JSON.stringify({ version: 3, deployment: { manifest: {}, resources } });
  const flat = flatStack(exported, "flat", "stack");
  const stateOf = (type: string) =>
    (
      flat.state as { deployment: { resources: { type: string; urn: string; parent?: string }[] } }
    ).deployment.resources.find((resource) => resource.type === type);
  const declared = (type: string) => flat.resources.find((resource) => resource.type === type);

  it("has no components, and every other resource below the stack", () => {
    expect(stateOf("pkg:index:Network")).toBeUndefined();
    expect(stateOf("digitalocean:index/droplet:Droplet")).toMatchObject({
      urn: "urn:pulumi:stack::flat::digitalocean:index/droplet:Droplet::node::1",
      parent: "urn:pulumi:stack::flat::pulumi:pulumi:Stack::flat-stack",
      provider: "urn:pulumi:stack::flat::pulumi:providers:digitalocean::default_4_80_1::id-1",
      retainOnDelete: true,
    });
    expect(stateOf("pulumi:pulumi:Stack")).not.toHaveProperty("parent");
  });

  it("declares what the state has, in its order, without Pulumi's own providers", () => {
    expect(flat.resources.map(({ name }) => name)).toEqual(["vpc", "tag", "node::1", "nomad", "job"]);
  });

  it("depends on the same resources as before, an input on those that it is made of", () => {
    expect(declared("digitalocean:index/droplet:Droplet")).toMatchObject({
      name: "node::1",
      inputs: { vpcUuid: "7", userData: secret },
      inputDependencies: {
        vpcUuid: ["urn:pulumi:stack::flat::digitalocean:index/vpc:Vpc::vpc"],
        userData: [],
      },
      dependsOn: ["urn:pulumi:stack::flat::digitalocean:index/tag:Tag::tag"],
      options: { retainOnDelete: true },
    });
  });

  it("names a provider only where the program does, and leaves its version to the SDK", () => {
    expect(declared("digitalocean:index/droplet:Droplet")).not.toHaveProperty("provider");
    expect(declared("nomad:index/job:Job")?.provider).toBe(
      "urn:pulumi:stack::flat::pulumi:providers:nomad::nomad",
    );
    expect(declared("pulumi:providers:nomad")?.inputs).toEqual({ secretId: secret });
  });
});
