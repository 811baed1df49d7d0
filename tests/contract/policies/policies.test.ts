import { writeFile } from "node:fs/promises";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { programStack } from "../../support/pulumi/program-stack.ts";
import type { ProgramStack } from "../../support/pulumi/program-stack.ts";
import { findPulumi, pulumiWorkspace } from "../../support/pulumi/workspace.ts";
import type { PulumiWorkspace } from "../../support/pulumi/workspace.ts";

const root = path.resolve(import.meta.dirname, "../../..");
const pack = path.join(root, "policies/pack.mjs");
const pulumi = findPulumi();
const canary = "hunter2canary";

/** Breaks every rule: one finding each, but for the two of a privileged container that mounts the socket. */
const violating = `
  import * as digitalocean from "@pulumi/digitalocean";
  import * as nomad from "@pulumi/nomad";
  import * as pulumi from "@pulumi/pulumi";

  const nomadProvider = new nomad.Provider("nomad", { address: "http://127.0.0.1:9" });
  const job = (id: string, group: object, task: object) =>
    new nomad.Job(id, {
      json: true,
      jobspec: JSON.stringify({
        Job: {
          ID: id, Datacenters: ["sgp1"],
          TaskGroups: [{ Name: id, ...group, Tasks: [{ Name: "server", Driver: "docker", ...task }] }],
        },
      }),
    }, { provider: nomadProvider });
  job("bad", {}, {
    Config: { image: "nginx:latest", privileged: true, volumes: ["/var/run/docker.sock:/var/run/docker.sock"] },
    Env: { MACKEREL_APIKEY: "${canary}" },
  });
  job("web", { Count: 2 }, { Config: { image: "nginx:1.30.7" }, Resources: { MemoryMB: 3000 } });

  const digitaloceanProvider = new digitalocean.Provider("digitalocean", { token: "token" });
  new digitalocean.Firewall("firewall", {
    name: "nomad",
    inboundRules: [{ protocol: "tcp", portRange: "4646", sourceAddresses: ["0.0.0.0/0"] }],
  }, { provider: digitaloceanProvider });

  // The resources that a NomadCluster has its nodes in.
  class Component extends pulumi.ComponentResource {}
  const cluster = new Component("nomad-digitalocean:index:NomadCluster", "cluster");
  for (const slot of ["server-1", "server-2"]) {
    const node = new Component("nomad-digitalocean:index:ClusterNode", slot, {}, { parent: cluster });
    new digitalocean.Droplet(slot, {
      name: "nomad-" + slot, region: "sgp1", size: "s-2vcpu-4gb", image: "debian-12-x64",
    }, { parent: node, provider: digitaloceanProvider });
  }
`;

const findings: [policy: string, text: string][] = [
  ["pinned-images", 'task bad/server: image "nginx:latest" is another one every time it is pulled'],
  ["unprivileged-containers", "task bad/server: is privileged, which is root on the node"],
  ["unprivileged-containers", "task bad/server: mounts /var/run/docker.sock"],
  ["task-memory", "task bad/server: has no memory of its own"],
  ["no-plain-secrets", "task bad/server: environment variable MACKEREL_APIKEY holds a secret in plain text"],
  ["private-ports", "inboundRules[0] opens tcp 4646 (Nomad's API) to 0.0.0.0/0"],
  [
    "one-node-lost",
    "when nomad-server-1 or nomad-server-2 is lost, no node has room for 1 of web/web (3000 MiB each)",
  ],
  ["monthly-budget", "$48.00 a month are more than the budget of $40.00: 2 × s-2vcpu-4gb $48.00"],
];

/** Level and policy of every finding, as the CLI shows them. */
function found(output: string): string[] {
  return [...output.matchAll(/- \[(\w+)\]\s+(?:\[severity: \w+\]\s+)?([\w-]+)\s/g)].map(
    ([, level, policy]) => `${level} ${policy}`,
  );
}

describe.skipIf(pulumi === undefined)(
  "the policies, in a real `pulumi preview` (needs pulumi on PATH)",
  () => {
    let workspace: PulumiWorkspace;
    const preview = async (config: Record<string, unknown>) => {
      const file = path.join(workspace.directory, "policy-config.json");
      await writeFile(file, JSON.stringify(config));
      return workspace.pulumi("preview", "--policy-pack", pack, "--policy-pack-config", file);
    };

    beforeAll(async () => {
      workspace = await pulumiWorkspace(pulumi ?? "");
      await workspace.program(violating);
    });
    afterAll(() => workspace.remove());

    test("refuse a program that breaks the mandatory ones, and name every finding but no secret", async () => {
      const { exitCode, output } = await preview({ "monthly-budget": { monthlyBudget: 40 } });
      expect(exitCode).not.toBe(0);
      for (const [, text] of findings) expect(output).toContain(text);
      expect(found(output).sort()).toEqual(
        findings
          .map(([policy]) => `${policy === "one-node-lost" ? "advisory" : "mandatory"} ${policy}`)
          .sort(),
      );
      expect(output).not.toContain(canary);
    });

    test("report it only, when the configuration makes them advisory", async () => {
      const { exitCode, output } = await preview({
        all: "advisory",
        "monthly-budget": { monthlyBudget: 40 },
      });
      expect(found(output).sort()).toEqual(findings.map(([policy]) => `advisory ${policy}`).sort());
      expect(exitCode).toBe(0);
    });

    test("follow the configuration of each", async () => {
      const { exitCode, output } = await preview({
        all: "disabled",
        "no-plain-secrets": { enforcementLevel: "mandatory", allowedNames: ["MACKEREL_APIKEY"] },
        "private-ports": { enforcementLevel: "mandatory", ports: [22] },
        "one-node-lost": { enforcementLevel: "mandatory", memory: { "s-2vcpu-4gb": 8192 } },
        "monthly-budget": { enforcementLevel: "mandatory", monthlyBudget: 48 },
      });
      expect(found(output)).toEqual([]);
      expect(exitCode).toBe(0);
    });

    test("refuse a configuration of the wrong type by the name of its field", async () => {
      const { exitCode, output } = await preview({ "monthly-budget": { monthlyBudget: "40" } });
      expect(exitCode).not.toBe(0);
      expect(output).toContain(
        "monthly-budget: monthlyBudget: Invalid type. Expected: number, given: string",
      );
    });
  },
);

describe("the policies, in a real `pulumi preview` of this repository's program", () => {
  let stack: ProgramStack;

  beforeAll(async () => {
    stack = await programStack();
  });
  afterAll(() => stack.remove());

  const preview = async (config: Record<string, unknown>, policies: Record<string, unknown>) => {
    const file = path.join(stack.directory, "policy-config.json");
    await writeFile(file, JSON.stringify(policies));
    const given = {
      mackerelApiKey: canary,
      blogUrl: "http://blog.example.com",
      // Its flows are known only when it is there.
      loadBalancer: false,
      ...config,
    };
    const policyArguments = ["--policy-pack", pack, "--policy-pack-config", file];
    return stack.run(given, "preview", "--non-interactive", "--color=never", ...policyArguments);
  };

  test("find nothing, but that one of them cannot be decided before there is a cluster", async () => {
    const { exitCode, output } = await preview(
      {
        ...{
          backupsEndpoint: "https://s3.example.com",
          backupsBucket: "blog-backups",
          backupsRegion: "sgp1",
        },
        ...{ backupsAccessKeyId: canary, backupsSecretAccessKey: canary, backupsPassphrase: canary },
      },
      { all: "mandatory", "monthly-budget": { monthlyBudget: 73 } },
    );
    expect(found(output)).toEqual(["advisory one-node-lost"]);
    expect(output).toContain("can't run policy 'one-node-lost'");
    expect(output).not.toContain(canary);
    expect(exitCode).toBe(0);
  });

  test("find operators from anywhere, a blog without backups and what it costs", async () => {
    const { exitCode, output } = await preview(
      { operatorCidrs: ["0.0.0.0/0"], allowOperatorsFromAnywhere: true, adminCidrs: ["192.0.2.7/32"] },
      { "monthly-budget": { monthlyBudget: 72 } },
    );
    expect(found(output).sort()).toEqual([
      "advisory backups",
      "advisory one-node-lost",
      "mandatory monthly-budget",
      // Nomad's port. Without a key nobody gets in by SSH.
      "mandatory private-ports",
    ]);
    expect(exitCode).not.toBe(0);
  });
});
