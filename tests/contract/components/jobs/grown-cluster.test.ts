import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { findNomad } from "../../../support/nomad/dev-agent.ts";
import { startLoopbackCluster } from "../../../support/nomad/loopback/cluster.ts";
import type { LoopbackCluster } from "../../../support/nomad/loopback/cluster.ts";
import { findPulumi, pulumiWorkspace } from "../../../support/pulumi/workspace.ts";
import type { PulumiWorkspace } from "../../../support/pulumi/workspace.ts";

const pulumi = findPulumi();
const nomad = findNomad();
const components = new URL("../../../../components/index.ts", import.meta.url).pathname;
const clients = 20;
const maxParallel = 4;

/** An agent's job, with a program of this machine in place of its container, and an image whose name is in its environment. */
const program = (address: string, version: string, command: string) => `
  import { NomadJob, nodeExporterAgent } from ${JSON.stringify(components)};
  import { monitoringAgentJob } from ${JSON.stringify(components.replace("index.ts", "jobs/monitoring/job.ts"))};
  import { resolveMonitoringAgentArgs } from ${JSON.stringify(components.replace("index.ts", "jobs/monitoring/defaults.ts"))};
  const job = monitoringAgentJob(resolveMonitoringAgentArgs({
    agent: { ...nodeExporterAgent(), dynamicPorts: [], service: undefined, hostVolumes: [] },
    update: {
      maxParallel: ${maxParallel}, canary: 10, minHealthyTime: "500ms", healthyDeadline: "2m", progressDeadline: "4m",
    },
    resources: { cpu: 10, memory: 10 },
  }), "dc1");
  const [group] = job.TaskGroups;
  const [task] = group.Tasks;
  const Tasks = [{
    ...task, Driver: "raw_exec", Env: { IMAGE: "${version}" },
    Config: { command: "/bin/sh", args: ["-c", ${JSON.stringify(command)}] },
  }];
  new NomadJob("exporter", {
    connection: { address: ${JSON.stringify(address)}, caCertificate: "", token: "", datacenter: "dc1" },
    job: { ...job, TaskGroups: [{ ...group, RestartPolicy: { Attempts: 0, Mode: "fail" }, Tasks }] },
  });
`;

interface Allocation {
  readonly ID: string;
  readonly NodeID: string;
  readonly JobVersion: number;
  readonly DesiredStatus: string;
  readonly ClientStatus: string;
  readonly DeploymentStatus: { readonly Healthy: boolean | null } | null;
}

describe.skipIf(pulumi === undefined || nomad === undefined)(
  `an agent on ${clients} nodes beside three servers (needs pulumi and nomad on PATH)`,
  () => {
    let cluster: LoopbackCluster;
    let workspace: PulumiWorkspace;
    const allocations = () => cluster.get<Allocation[]>("/v1/job/node-exporter/allocations");
    const up = async (version: string, command = "exec sleep 900") => {
      await workspace.program(program(cluster.address, version, command));
      return workspace.pulumi("up", "--yes", "--skip-preview");
    };

    beforeAll(async () => {
      cluster = await startLoopbackCluster(nomad ?? "", { subnet: "127.95.0", servers: 3, clients });
      workspace = await pulumiWorkspace(pulumi ?? "");
    }, 240_000);
    afterAll(async () => {
      await cluster.call("DELETE", "/v1/job/node-exporter?purge=true");
      await vi.waitFor(async () => expect(await running(allocations)).toEqual([]), 60_000);
      await cluster.stop();
      await workspace.remove();
    }, 120_000);

    test("changes on so many at once, within its own timeout, and stops at the first canary that fails", async () => {
      const first = await up("1");
      expect(first.exitCode, first.output).toBe(0);
      expect(await running(allocations)).toHaveLength(clients);

      // Nodes whose agent is not the old one and not yet a healthy new one, at most at any moment.
      let most = 0;
      let isDone = false;
      const watching = (async () => {
        while (!isDone) {
          const healthy = (await allocations()).filter(
            ({ DesiredStatus, JobVersion, DeploymentStatus }) =>
              DesiredStatus === "run" && (JobVersion === 0 || DeploymentStatus?.Healthy === true),
          );
          most = Math.max(most, clients - healthy.length);
        }
      })();
      const second = await up("2");
      isDone = true;
      await watching;
      expect(second.exitCode, second.output).toBe(0);
      expect(most).toBeGreaterThan(1);
      expect(most).toBeLessThanOrEqual(maxParallel);
      const changed = await running(allocations);
      expect(changed.map(({ JobVersion }) => JobVersion)).toEqual(Array(clients).fill(1));

      const third = await up("3", "exit 1");
      expect(third.exitCode).not.toBe(0);
      expect(third.output).toContain("terminated with status 'failed': 'Failed due to unhealthy allocations");
      const untouched = changed.map(({ ID }) => ID);
      const left = (await running(allocations)).filter(({ ID }) => untouched.includes(ID));
      // A tenth of them are canaries.
      expect(left).toHaveLength(clients - 2);
      // Six steps of three minutes, the canaries' among them, and four for Nomad to give up.
      const timeouts = (await workspace.state()).resources.find(({ type }) => type === "nomad:index/job:Job");
      expect(timeouts).toMatchObject({ customTimeouts: { create: 1320, update: 1320 } });
    }, 240_000);
  },
);

async function running(all: () => Promise<Allocation[]>): Promise<Allocation[]> {
  return (await all()).filter(({ ClientStatus }) => ClientStatus === "running");
}
