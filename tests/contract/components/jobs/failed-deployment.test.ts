import { mkdtemp, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { findNomad, startNomadAgent } from "../../../support/nomad/dev-agent.ts";
import type { NomadAgent } from "../../../support/nomad/dev-agent.ts";
import { findPulumi, pulumiWorkspace } from "../../../support/pulumi/workspace.ts";
import type { PulumiWorkspace } from "../../../support/pulumi/workspace.ts";

const pulumi = findPulumi();
const nomad = findNomad();
const components = new URL("../../../../components/index.ts", import.meta.url).pathname;

/** A system job that runs once the file `ready` is there, with `memory` in MiB. */
const program = (memory: number, address: string, ready: string) => `
  import { NomadJob } from ${JSON.stringify(components)};
  const task = {
    Name: "wait", Driver: "raw_exec",
    Config: { command: "/bin/sh", args: ["-c", "test -e ${ready} && exec sleep 600; exit 1"] },
    Resources: { CPU: 20, MemoryMB: ${memory} },
  };
  const update = { MaxParallel: 1, MinHealthyTime: 1e8, HealthyDeadline: 4e9, ProgressDeadline: 5e9, HealthCheck: "task_states" };
  const restart = { Attempts: 100, Interval: 600e9, Delay: 1e9, Mode: "delay" };
  new NomadJob("front", {
    connection: { address: ${JSON.stringify(address)}, caCertificate: "", token: process.env.TEST_TOKEN, datacenter: "dc1" },
    job: {
      ID: "front", Type: "system", Datacenters: ["dc1"],
      TaskGroups: [{ Name: "front", Update: update, RestartPolicy: restart, Tasks: [task] }],
    },
  });
`;

describe.skipIf(pulumi === undefined || nomad === undefined)(
  "a system job whose deployment failed (needs pulumi and nomad on PATH)",
  () => {
    let agent: NomadAgent;
    let workspace: PulumiWorkspace;
    let directory: string;
    const up = async (memory: number) => {
      await workspace.program(program(memory, agent.address, path.join(directory, "ready")));
      return workspace.pulumi("up", "--yes", "--skip-preview");
    };
    const get = async <Answer>(target: string) => (await (await agent.call("GET", target)).json()) as Answer;

    beforeAll(async () => {
      directory = await mkdtemp(path.join(os.tmpdir(), "failed-deployment-"));
      agent = await startNomadAgent(nomad ?? "");
      workspace = await pulumiWorkspace(pulumi ?? "", { TEST_TOKEN: agent.token });
    });
    afterAll(async () => {
      await workspace.remove();
      await agent.stop();
      await rm(directory, { recursive: true });
    });

    test("is carried out and reported as failed again, until Nomad has forgotten the deployment", async () => {
      const first = await up(16);
      expect(first.output).toContain("terminated with status 'failed'");
      const [failed] = await get<{ ID: string }[]>("/v1/job/front/deployments");
      await writeFile(path.join(directory, "ready"), "");
      const second = await up(24);
      expect(second.exitCode).not.toBe(0);
      expect(second.output).toContain(`deployment '${failed!.ID}' terminated with status 'failed'`);
      expect(second.output).toContain('job "front": its deployment of version 0 failed');
      await expect
        .poll(async () => {
          const all = await get<Allocation[]>("/v1/job/front/allocations");
          return all.map(({ JobVersion, ClientStatus }) => `${JobVersion} ${ClientStatus}`).sort();
        })
        .toEqual(["0 complete", "1 running"]);
      await agent.call("PUT", "/v1/system/gc");
      await expect.poll(() => get<object[]>("/v1/job/front/deployments")).toEqual([]);
      const third = await up(24);
      expect(third.exitCode, third.output).toBe(0);
      expect(third.output).not.toContain("its deployment");
      const { Status } = await get<{ Status: string }>("/v1/job/front");
      expect(Status).toBe("running");
    });
  },
);

interface Allocation {
  readonly JobVersion: number;
  readonly ClientStatus: string;
}
