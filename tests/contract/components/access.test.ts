import { readFile } from "node:fs/promises";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { teamPolicy } from "../../../components/cluster/access/team-policy.ts";
import { sandboxSettings } from "../../../sandbox/settings.ts";
import { installTool } from "../../../sandbox/tools/install-tool.ts";
import { nomad } from "../../../sandbox/tools/tool-table.ts";
import { startNomadAgent } from "../../support/nomad/dev-agent.ts";
import type { NomadAgent } from "../../support/nomad/dev-agent.ts";

// What each token may ask of a real Nomad, for each group of its API. docs/security.md shows the same table.

const root = path.resolve(import.meta.dirname, "../../..");

const tokens = ["deploy", "team shop", "team mail"] as const;
type TokenName = (typeof tokens)[number];

const job = (namespace: string, volume?: string) => ({
  Job: {
    ...{ ID: `probe-${volume ?? "plain"}`, Name: "probe", Type: "batch", Namespace: namespace },
    Datacenters: ["dc1"],
    // It is never placed.
    Constraints: [{ LTarget: "${node.unique.name}", RTarget: "nobody", Operand: "=" }],
    TaskGroups: [
      {
        Name: "probe",
        Count: 1,
        ...(volume !== undefined && {
          Volumes: { data: { Name: "data", Type: "host", Source: volume, ReadOnly: false } },
        }),
        Tasks: [{ Name: "probe", Driver: "raw_exec", Config: { command: "true" } }],
      },
    ],
  },
});
const variable = (namespace: string, at: string) => ({ Namespace: namespace, Path: at, Items: { a: "b" } });
const variablePath = (namespace: string, at: string) => `/v1/var/${at}?namespace=${namespace}`;

/** A call, and for each token whether Nomad carries it out. */
type Row = readonly [name: string, method: string, target: string, body: object | undefined, allowed: string];

const all = "deploy, team shop, team mail";
const rows: readonly Row[] = [
  ["register a job in the namespace shop", "POST", "/v1/jobs", job("shop"), "deploy, team shop"],
  ["register a job in the namespace default", "POST", "/v1/jobs", job("default"), "deploy"],
  ["mount the host volume uploads", "POST", "/v1/jobs", job("shop", "uploads"), "deploy, team shop"],
  ["mount the host volume of the agents' state", "POST", "/v1/jobs", job("shop", "agent-state"), "deploy"],
  ["read a job in shop", "GET", "/v1/job/probe-plain?namespace=shop", undefined, "deploy, team shop"],
  ["read a job in default", "GET", "/v1/job/probe-plain?namespace=default", undefined, "deploy"],
  ["plan a job in shop", "POST", "/v1/job/probe-plain/plan", job("shop"), "deploy, team shop"],
  [
    "write a job's Variable in shop",
    "PUT",
    variablePath("shop", "nomad/jobs/probe"),
    variable("shop", "nomad/jobs/probe"),
    "deploy, team shop",
  ],
  [
    "read a job's Variable in shop",
    "GET",
    variablePath("shop", "nomad/jobs/probe"),
    undefined,
    "deploy, team shop",
  ],
  [
    "read the blog's Variable in default",
    "GET",
    variablePath("default", "nomad/jobs/ghost"),
    undefined,
    "deploy",
  ],
  [
    "write a Variable of no job in shop",
    "PUT",
    variablePath("shop", "settings"),
    variable("shop", "settings"),
    "",
  ],
  ["list the nodes", "GET", "/v1/nodes", undefined, all],
  ["drain a node", "POST", "/v1/node/NODE/drain", { DrainSpec: { Deadline: -1 } }, ""],
  ["read an agent's configuration", "GET", "/v1/agent/self", undefined, "deploy"],
  ["read the Raft peers", "GET", "/v1/operator/raft/configuration", undefined, ""],
  ["take a snapshot of the state", "GET", "/v1/operator/snapshot", undefined, ""],
  ["list the ACL tokens", "GET", "/v1/acl/tokens", undefined, ""],
  ["make a namespace", "PUT", "/v1/namespace/other", { Name: "other" }, ""],
];

describe("what the tokens of a cluster may do", () => {
  let agent: NomadAgent;
  let nodeId: string;
  const secrets = {} as Record<TokenName, string>;

  beforeAll(async () => {
    const { cacheDir } = sandboxSettings(root);
    agent = await startNomadAgent((await installTool(nomad, cacheDir)).path);
    for (const namespace of ["shop", "mail"])
      await agent.call("PUT", `/v1/namespace/${namespace}`, { Name: namespace });
    await agent.call(
      "PUT",
      variablePath("default", "nomad/jobs/ghost"),
      variable("default", "nomad/jobs/ghost"),
    );
    const deploy = path.join(root, "components/cluster/files/deploy-policy.hcl");
    const rules: Record<TokenName, string> = {
      deploy: await readFile(deploy, "utf8"),
      "team shop": teamPolicy({ name: "shop", namespaces: ["shop"], hostVolumes: ["uploads"] }),
      "team mail": teamPolicy({ name: "mail", namespaces: ["mail"] }),
    };
    for (const name of tokens) {
      const policy = name.replace(" ", "-");
      await agent.call("PUT", `/v1/acl/policy/${policy}`, { Name: policy, Rules: rules[name] });
      const made = await agent.call("PUT", "/v1/acl/token", { Type: "client", Policies: [policy] });
      secrets[name] = ((await made.json()) as { SecretID: string }).SecretID;
    }
    const nodes = (await (await agent.call("GET", "/v1/nodes")).json()) as { ID: string }[];
    nodeId = nodes[0]!.ID;
  }, 60_000);
  afterAll(() => agent.stop());

  test.each(rows)("%s", async (_name, method, target, body, allowed) => {
    const answers = await Promise.all(
      tokens.map(async (name) => {
        const { status } = await fetch(new URL(target.replace("NODE", nodeId), agent.address), {
          method,
          headers: { "X-Nomad-Token": secrets[name] },
          ...(body && { body: JSON.stringify(body) }),
        });
        return [name, status] as const;
      }),
    );
    // Whatever else Nomad may say, such as 404, it has looked.
    for (const [name, status] of answers) expect([200, 403], `${name}: ${status}`).toContain(status);
    expect(answers.flatMap(([name, status]) => (status === 200 ? [name] : [])).join(", ")).toBe(allowed);
  });
});
