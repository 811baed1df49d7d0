import { mkdtemp } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { mackerelAgent } from "../../../../components/index.ts";
import { findNomad, freePort, startNomadAgent } from "../../../support/nomad/dev-agent.ts";
import type { NomadAgent } from "../../../support/nomad/dev-agent.ts";
import { startNomadProcess } from "../../../support/nomad/process.ts";
import type { NomadProcess } from "../../../support/nomad/process.ts";
import { findPulumi, pulumiWorkspace } from "../../../support/pulumi/workspace.ts";
import type { PulumiWorkspace } from "../../../support/pulumi/workspace.ts";
import { monitoringAgentJob } from "../../../support/rendered-jobs.ts";

const pulumi = findPulumi();
const nomad = findNomad();
const components = new URL("../../../../components/index.ts", import.meta.url).pathname;

/** The monitoring agent's job as the components render it, with a process that sleeps for its container. */
const job = (priority: number) => {
  const agent = mackerelAgent({ roles: ["blog:web"] });
  const rendered = monitoringAgentJob({ agent, priority, datacenter: "dc1" });
  const [group] = rendered.TaskGroups;
  const task = {
    ...{ Name: "sleep", Driver: "raw_exec", Config: { command: "/bin/sleep", args: ["600"] } },
    Resources: { CPU: 20, MemoryMB: 16 },
  };
  return {
    ...rendered,
    // Ten seconds an allocation are not what is tested.
    Update: { ...rendered.Update, MinHealthyTime: 1e8 },
    TaskGroups: [{ ...group, Volumes: {}, Networks: [], Services: [], Tasks: [task] }],
  };
};
const program = (priority: number, address: string) => `
  import { NomadJob } from ${JSON.stringify(components)};
  new NomadJob("agent", {
    connection: { address: ${JSON.stringify(address)}, caCertificate: "", token: process.env.TEST_TOKEN, datacenter: "dc1" },
    job: ${JSON.stringify(job(priority))},
  });
`;

interface Allocation {
  readonly NodeID: string;
  readonly ClientStatus: string;
  readonly JobVersion: number;
}

describe.skipIf(pulumi === undefined || nomad === undefined)(
  "the agent on two nodes, one of which an operator made ineligible (needs pulumi and nomad on PATH)",
  () => {
    let agent: NomadAgent;
    let second: NomadProcess;
    let workspace: PulumiWorkspace;
    let ineligible: string;
    const get = async <Answer>(target: string) => (await (await agent.call("GET", target)).json()) as Answer;
    const up = async (priority: number) => {
      await workspace.program(program(priority, agent.address));
      return workspace.pulumi("up", "--yes", "--skip-preview");
    };
    /** Versions of the job's running allocations: on the first node, and on the one that is made ineligible. */
    const versions = async () => {
      const all = await get<Allocation[]>("/v1/job/mackerel/allocations");
      const on = (isThere: (node: string) => boolean) =>
        all
          .filter(({ NodeID, ClientStatus }) => ClientStatus === "running" && isThere(NodeID))
          .map(({ JobVersion }) => JobVersion);
      return [on((node) => node !== ineligible), on((node) => node === ineligible)];
    };

    beforeAll(async () => {
      agent = await startNomadAgent(nomad ?? "");
      const directory = await mkdtemp(path.join(os.tmpdir(), "nomad-client-"));
      second = await startNomadProcess(nomad ?? "", directory, {
        name: "second",
        bind_addr: "127.0.0.1",
        advertise: { http: "127.0.0.1", rpc: "127.0.0.1", serf: "127.0.0.1" },
        ports: { http: await freePort(), rpc: await freePort(), serf: await freePort() },
        acl: { enabled: true },
        disable_update_check: true,
        client: {
          enabled: true,
          servers: [await get<string>("/v1/status/leader")],
          options: { "fingerprint.denylist": "env_aws,env_gce,env_azure,env_digitalocean" },
        },
        plugin: { raw_exec: { config: { enabled: true } } },
      });
      workspace = await pulumiWorkspace(pulumi ?? "", { TEST_TOKEN: agent.token });
      const nodes = () => get<{ ID: string; Name: string; Status: string }[]>("/v1/nodes");
      const isReady = ({ Status }: { Status: string }) => Status === "ready";
      await vi.waitFor(async () => expect((await nodes()).filter(isReady)).toHaveLength(2), 60_000);
      ineligible = (await nodes()).find(({ Name }) => Name === "second")!.ID;
    }, 120_000);
    afterAll(async () => {
      await workspace.remove();
      await second.stop();
      await agent.stop();
    });

    test("is changed on the other one, and on this one when it is eligible again", async () => {
      const first = await up(50);
      expect(first.exitCode, first.output).toBe(0);
      await expect.poll(versions, { timeout: 60_000 }).toEqual([[0], [0]]);
      const eligibility = (Eligibility: string) =>
        agent.call("PUT", `/v1/node/${ineligible}/eligibility`, { Eligibility });
      await eligibility("ineligible");
      const changed = await up(60);
      expect(changed.exitCode, changed.output).toBe(0);
      const [elsewhere] = await versions();
      expect(elsewhere).toEqual([1]);
      await eligibility("eligible");
      await expect.poll(versions, { timeout: 60_000 }).toEqual([[1], [1]]);
    });
  },
);
