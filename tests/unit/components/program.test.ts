import * as pulumi from "@pulumi/pulumi";
import { describe, expect, test } from "vitest";
import { mackerelAgent, NomadCluster, SystemMonitoringAgent } from "../../../components/index.ts";
import { declared, isSecret, plain } from "../../support/mocked-program.ts";
import type { DeclaredResource } from "../../support/mocked-program.ts";

const key = "canary-api-key";
const resources = await declared(() => {
  const cluster = new NomadCluster("nomad", {
    operatorCidrs: ["192.0.2.7/32"],
    clientCount: 1,
    clusterName: "blog",
  });
  new SystemMonitoringAgent("mackerel", {
    connection: cluster.connection,
    agent: mackerelAgent({ roles: ["lorentzca:nomad-cluster"] }),
    apiKey: key,
  });
});

const shortType = (resource: DeclaredResource) => resource.type.split(":").at(-1)!;
const ofType = (type: string) => resources.filter((resource) => shortType(resource) === type);
const names = (type: string) => ofType(type).map(({ name }) => name);

describe("the program", () => {
  test("declares a VPC, a firewall, a tag, three servers with reserved addresses and a client without", () => {
    expect(names("Vpc")).toEqual(["nomad-network-vpc"]);
    expect(names("Firewall")).toEqual(["nomad-network-firewall"]);
    expect(names("Tag")).toEqual(["nomad-network-tag"]);
    expect(names("ReservedIp").sort()).toEqual([1, 2, 3].map((slot) => `nomad-network-server-${slot}`));
    expect(names("ReservedIpAssignment").sort()).toEqual(
      [1, 2, 3].map((slot) => `nomad-server-${slot}-address`),
    );
    expect(
      ofType("Droplet")
        .map(({ inputs }) => inputs["name"])
        .sort(),
    ).toEqual(["blog-client-1", "blog-server-1", "blog-server-2", "blog-server-3"]);
  });

  test("puts every droplet into the VPC and under the firewall's tag", () => {
    for (const { inputs } of ofType("Droplet")) {
      expect(inputs["vpcUuid"]).toBe("nomad-network-vpc-id");
      expect(inputs["tags"]).toEqual(["nomad-cluster-blog"]);
    }
    expect(ofType("Firewall")[0]!.inputs["tags"]).toEqual(["nomad-cluster-blog"]);
  });

  test("names every resource after its component", () => {
    for (const { name } of resources.filter(({ type }) => type !== "pulumi:pulumi:Stack"))
      expect(name).toMatch(/^(nomad|mackerel)(-|$)/);
  });

  test("gives each server a certificate for its own reserved address, and the client none", () => {
    const addresses = Object.fromEntries(
      ofType("CertRequest").map(({ name, inputs }) => [name, inputs["ipAddresses"]]),
    );
    expect(addresses).toEqual({
      "nomad-certificates-server-1-request": ["127.0.0.1", "192.0.2.11"],
      "nomad-certificates-server-2-request": ["127.0.0.1", "192.0.2.12"],
      "nomad-certificates-server-3-request": ["127.0.0.1", "192.0.2.13"],
      "nomad-certificates-client-1-request": ["127.0.0.1"],
    });
  });

  test("lets no droplet's user-data depend on another droplet", () => {
    const dropletFacts = ["192.0.2.100", "10.104.0.2", "1001"];
    for (const { inputs } of ofType("Droplet"))
      for (const fact of dropletFacts) expect(plain(inputs["userData"])).not.toContain(fact);
  });

  test("keeps what is secret a secret", () => {
    for (const { inputs } of ofType("Droplet")) expect(isSecret(inputs["userData"])).toBe(true);
    expect(isSecret(ofType("Variable")[0]!.inputs["items"])).toBe(true);
    for (const { inputs } of ofType("nomad").filter(({ custom }) => custom))
      expect(isSecret(inputs["secretId"])).toBe(true);
  });

  test("makes its own secrets of a resource that does not have them as its id", () => {
    expect(resources.filter(({ type }) => type.startsWith("random:")).map(shortType)).toEqual([
      "RandomPassword",
      "RandomPassword",
    ]);
  });

  test("has the API key in the Variable and nowhere else in the clear", () => {
    const holders = resources.filter(({ inputs }) => JSON.stringify(inputs).includes(key));
    expect(holders.map((resource) => [shortType(resource)])).toEqual([
      ["SystemMonitoringAgent"],
      ["Variable"],
    ]);
    for (const { inputs } of holders)
      expect(isSecret(inputs["apiKey"]) || isSecret(inputs["items"])).toBe(true);
  });

  test("shows the job in the clear, so that a preview can be read", () => {
    const [job] = ofType("Job");
    expect(isSecret(job!.inputs["jobspec"])).toBe(false);
    expect(JSON.parse(job!.inputs["jobspec"] as string)).toMatchObject({
      Job: { ID: "mackerel", Type: "system" },
    });
    expect(job!.inputs).toMatchObject({ json: true, detach: false, purgeOnDestroy: true });
  });

  test("deploys jobs with the narrow token, not with the management token", () => {
    const providers = Object.fromEntries(
      resources
        .filter(({ type }) => type === "pulumi:providers:nomad")
        .map(({ name, inputs }) => [name, plain(inputs["secretId"])]),
    );
    expect(providers).toEqual({
      "nomad-management": "01234567-89ab-4def-8123-456789abcdef",
      "mackerel-nomad": "deploy token",
    });
  });
});

test("wrong arguments are refused together, before anything is declared", async () => {
  let refusal: unknown;
  const nothing = await declared(() => {
    try {
      new NomadCluster("nomad", { operatorCidrs: [], serverCount: 2 });
    } catch (error) {
      refusal = error;
    }
  });
  expect(pulumi.InputPropertiesError.isInstance(refusal)).toBe(true);
  expect((refusal as Error).message).toMatch(/serverCount: 2 servers.*\n.*operatorCidrs: is empty/);
  expect(nothing.filter(({ custom }) => custom)).toEqual([]);
});
