import * as pulumi from "@pulumi/pulumi";
import { describe, expect, test } from "vitest";
import { BlogPlatform, mackerelAgent, NomadCluster } from "../../../components/index.ts";
import type { ApiJob } from "../../../components/index.ts";
import { declared, isSecret, plain } from "../../support/pulumi/mocked-program.ts";
import type { DeclaredResource } from "../../support/pulumi/mocked-program.ts";

const key = "canary-api-key";
const mailPassword = "canary-mail-password";
const resources = await declared(() => {
  new BlogPlatform("blog", {
    cluster: {
      ...{ operatorCidrs: ["192.0.2.7/32"], clientCount: 1, clusterName: "nomad-test" },
      ...{ namespaces: ["shop"], teams: [{ name: "shop", namespaces: ["shop"] }] },
    },
    monitoring: {
      agent: mackerelAgent({
        roles: ["lorentzca:nomad-cluster"],
        apiUrl: "https://mackerel.example.com",
      }),
      apiKey: key,
      alerts: { emails: { operators: { addresses: ["operators@example.com"] } } },
    },
    ghost: {
      mail: { host: "smtp.example.com", user: "blog", from: "blog@example.com", password: mailPassword },
    },
  });
});

const shortType = (resource: DeclaredResource) => resource.type.split(":").at(-1)!;
const ofType = (type: string) => resources.filter((resource) => shortType(resource) === type);
const names = (type: string) => ofType(type).map(({ name }) => name);

describe("the program", () => {
  test("declares a VPC, a firewall, a tag, three servers with reserved addresses and a client without", () => {
    expect(names("Vpc")).toEqual(["blog-cluster-network-vpc"]);
    // DigitalOcean chooses one that is free: a region's default VPC may have any fixed one.
    expect(ofType("Vpc")[0]!.inputs).not.toHaveProperty("ipRange");
    expect(names("Firewall")).toEqual(["blog-cluster-network-firewall"]);
    expect(names("Tag")).toEqual(["blog-cluster-network-tag"]);
    expect(names("ReservedIp").sort()).toEqual(
      [1, 2, 3].map((slot) => `blog-cluster-network-server-${slot}`),
    );
    expect(names("ReservedIpAssignment").sort()).toEqual(
      [1, 2, 3].map((slot) => `blog-cluster-server-${slot}-address`),
    );
    expect(
      ofType("Droplet")
        .map(({ inputs }) => inputs["name"])
        .sort(),
    ).toEqual(["nomad-test-client-1", "nomad-test-server-1", "nomad-test-server-2", "nomad-test-server-3"]);
  });

  test("puts every droplet into the VPC and under the firewall's tag", () => {
    for (const { inputs } of ofType("Droplet")) {
      expect(inputs["vpcUuid"]).toBe("blog-cluster-network-vpc-id");
      expect(inputs["tags"]).toEqual(["nomad-cluster-nomad-test"]);
    }
    expect(ofType("Firewall")[0]!.inputs["tags"]).toEqual(["nomad-cluster-nomad-test"]);
  });

  test("declares the alerts at the agent's Mackerel, with its key", () => {
    const alerts = resources.filter(({ type }) => /^(pulumi:providers:)?mackerel/.test(type));
    expect(alerts.map(({ name }) => name).sort()).toEqual(
      ["mackerel", "memory", "file-systems", "connectivity", "url-blog", "email-operators", "notifications"]
        .map((one) => `blog-alerts-${one}`)
        .sort(),
    );
    const { apiUrl, apiKey } = alerts.find(({ name }) => name === "blog-alerts-mackerel")!.inputs;
    expect(apiUrl).toBe("https://mackerel.example.com");
    expect([isSecret(apiKey), plain(apiKey)]).toEqual([true, key]);
  });

  test("names every resource after its component", () => {
    for (const { name } of resources.filter(({ type }) => type !== "pulumi:pulumi:Stack"))
      expect(name).toMatch(/^blog(-|$)/);
  });

  test("gives each server a certificate for its own reserved address, and the client none", () => {
    const addresses = Object.fromEntries(
      ofType("CertRequest").map(({ name, inputs }) => [name, inputs["ipAddresses"]]),
    );
    expect(addresses).toEqual({
      "blog-cluster-certificates-server-1-request": ["127.0.0.1", "192.0.2.11"],
      "blog-cluster-certificates-server-2-request": ["127.0.0.1", "192.0.2.12"],
      "blog-cluster-certificates-server-3-request": ["127.0.0.1", "192.0.2.13"],
      "blog-cluster-certificates-client-1-request": ["127.0.0.1"],
    });
  });

  test("lets no droplet's user-data depend on another droplet", () => {
    const dropletFacts = ["192.0.2.100", "10.104.0.2", "1001"];
    for (const { inputs } of ofType("Droplet"))
      for (const fact of dropletFacts) expect(plain(inputs["userData"])).not.toContain(fact);
  });

  test("keeps what is secret a secret", () => {
    for (const { inputs } of ofType("Droplet")) expect(isSecret(inputs["userData"])).toBe(true);
    for (const { inputs } of ofType("Variable")) expect(isSecret(inputs["items"])).toBe(true);
    for (const { inputs } of ofType("nomad").filter(({ custom }) => custom))
      expect(isSecret(inputs["secretId"])).toBe(true);
  });

  test("makes its own secrets of a resource that does not have them as its id", () => {
    expect(resources.filter(({ type }) => type.startsWith("random:")).map(shortType)).toEqual(
      Array(3).fill("RandomPassword"),
    );
  });

  test.each([
    // The alerts' provider reaches Mackerel with it.
    ["API key", key, ["Variable", "mackerel"]],
    ["mail server's password", mailPassword, ["Variable"]],
  ])("has the %s where it has to be, and nowhere in the clear", (_, secret, places) => {
    const holders = resources.filter(({ inputs }) => JSON.stringify(inputs).includes(secret));
    const clear = (value: unknown): unknown =>
      isSecret(value)
        ? undefined
        : Array.isArray(value)
          ? value.map(clear)
          : typeof value === "object" && value !== null
            ? Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, clear(inner)]))
            : value;
    expect(
      holders
        .filter(({ custom }) => custom)
        .map(shortType)
        .sort(),
    ).toEqual(places);
    for (const { inputs } of holders) expect(JSON.stringify(clear(inputs))).not.toContain(secret);
  });

  test("tells the agents which cluster is theirs, beside the job that a preview shows", () => {
    const items = ofType("Variable").map(({ inputs }) => plain(inputs["items"]));
    expect(items).toContainEqual({ apiKey: key, clusterAddress: "https://192.0.2.11:4646" });
  });

  test("shows the three jobs in the clear, so that a preview can be read", () => {
    const jobs = ofType("Job").map(({ inputs }) => {
      expect(inputs).toMatchObject({ json: true, detach: false, purgeOnDestroy: true });
      expect(isSecret(inputs["jobspec"])).toBe(false);
      return (JSON.parse(inputs["jobspec"] as string) as { Job: ApiJob }).Job;
    });
    expect(Object.fromEntries(jobs.map(({ ID, Type, Priority }) => [ID, [Type, Priority]]))).toEqual({
      ghost: ["service", 70],
      mackerel: ["system", 50],
      nginx: ["system", 80],
    });
  });

  test("attaches the blog's volume to one droplet, protected, and shuts every droplet down before it goes", () => {
    expect(ofType("Volume").map(({ inputs }) => inputs)).toMatchObject([
      { name: "nomad-test-blog-content", size: 10, region: "sgp1", initialFilesystemType: "ext4" },
    ]);
    const attached = ofType("Droplet").map(({ inputs }) => [
      inputs["name"],
      inputs["volumeIds"],
      inputs["gracefulShutdown"],
    ]);
    expect(attached.sort()).toEqual([
      ["nomad-test-client-1", [], true],
      ["nomad-test-server-1", ["blog-cluster-blog-content-id"], true],
      ["nomad-test-server-2", [], true],
      ["nomad-test-server-3", [], true],
    ]);
  });

  test("has readers come through a load balancer, and opens nginx's port to it alone", () => {
    expect(ofType("LoadBalancer")).toHaveLength(1);
    const rules = ofType("Firewall")[0]!.inputs["inboundRules"] as { portRange?: string }[];
    expect(rules.filter(({ portRange }) => portRange === "80")).toEqual([
      {
        protocol: "tcp",
        portRange: "80",
        sourceLoadBalancerUids: ["blog-cluster-network-load-balancer-id"],
      },
    ]);
  });

  test("asks nothing of Nomad when the cluster is destroyed as well", () => {
    const inNomad = resources.filter(({ type }) => type.startsWith("nomad:"));
    expect(new Set(inNomad.map(shortType))).toEqual(
      new Set(["AclPolicy", "AclToken", "Job", "Namespace", "Variable"]),
    );
    for (const { name, deletedWith } of inNomad)
      expect([name, deletedWith]).toEqual([name, "digitalocean:index/vpc:Vpc::blog-cluster-network-vpc"]);
  });

  test("gives a team a token of its own, whose only policy is of its namespaces", () => {
    expect(ofType("AclToken").map(({ inputs }) => [inputs["name"], inputs["policies"]])).toEqual([
      ["deploy", ["deploy"]],
      ["team-shop", ["team-shop"]],
    ]);
    const rules = ofType("AclPolicy").find(({ inputs }) => inputs["name"] === "team-shop")!.inputs[
      "rulesHcl"
    ];
    expect(rules).toContain('namespace "shop"');
    expect(rules).not.toContain('namespace "*"');
  });

  test("deploys jobs with the narrow token, not with the management token", () => {
    const providers = Object.fromEntries(
      resources
        .filter(({ type }) => type === "pulumi:providers:nomad")
        .map(({ name, inputs }) => [name, plain(inputs["secretId"])]),
    );
    expect(providers).toEqual({
      "blog-cluster-management": "01234567-89ab-4def-8123-456789abcdef",
      "blog-nomad": "deploy token",
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
