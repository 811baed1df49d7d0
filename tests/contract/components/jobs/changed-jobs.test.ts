import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { findNomad, startNomadAgent } from "../../../support/nomad/dev-agent.ts";
import type { NomadAgent } from "../../../support/nomad/dev-agent.ts";
import { findPulumi, pulumiWorkspace } from "../../../support/pulumi/workspace.ts";
import type { PulumiWorkspace } from "../../../support/pulumi/workspace.ts";

const pulumi = findPulumi();
const nomad = findNomad();
const components = new URL("../../../../components/index.ts", import.meta.url).pathname;

/** A service job of two tasks that start at once, with `memory` in MiB. */
const program = (memory: number, address: string, cluster = "") => `
  import { RandomPassword } from "@pulumi/random";
  import { NomadJob } from ${JSON.stringify(components)};
  const task = {
    Name: "sleep", Driver: "raw_exec", Config: { command: "/bin/sleep", args: ["600"] },
    Resources: { CPU: 20, MemoryMB: ${memory} },
  };
  const update = { MinHealthyTime: 1e8, HealthyDeadline: 20e9, ProgressDeadline: 25e9, HealthCheck: "task_states" };
  new NomadJob("web", {
    connection: { address: ${JSON.stringify(address)}, caCertificate: "", token: process.env.TEST_TOKEN, datacenter: "dc1" },
    job: {
      ID: "web", Type: "service", Datacenters: ["dc1"],
      TaskGroups: [{ Name: "web", Count: 2, Update: update, Tasks: [task] }],
    },
  }, { ${cluster} });
`;

/** In place of a cluster's VPC. */
const inCluster = 'deletedWith: new RandomPassword("vpc", { length: 8 })';

describe.skipIf(pulumi === undefined || nomad === undefined)(
  "a job that was changed outside of its stack (needs pulumi and nomad on PATH)",
  () => {
    let agent: NomadAgent;
    let workspace: PulumiWorkspace;
    const run = async (memory: number, ...commandArguments: string[]) => {
      await workspace.program(program(memory, agent.address));
      return workspace.pulumi(...commandArguments);
    };
    /** Previews and updates; the output has both. */
    const up = (memory: number) => run(memory, "up", "--yes");
    const job = async () => (await (await agent.call("GET", "/v1/job/web")).json()) as object;
    const running = async () => {
      const all = (await (await agent.call("GET", "/v1/job/web/allocations")).json()) as Allocation[];
      return all.flatMap(({ ID, DesiredStatus }) => (DesiredStatus === "run" ? [ID] : []));
    };
    const scale = (count: number) =>
      agent.call("POST", "/v1/job/web/scale", { Count: count, Target: { Group: "web" } });
    const expectAsDeclared = async (memory: number) =>
      expect(await job()).toMatchObject({
        Stop: false,
        TaskGroups: [{ Count: 2, Tasks: [{ Resources: { MemoryMB: memory } }] }],
      });
    const expectNoChanges = async (memory: number) => {
      const preview = await run(memory, "preview", "--expect-no-changes");
      expect(preview.output).not.toContain("outside of this stack");
      expect(preview.exitCode, preview.output).toBe(0);
    };

    beforeAll(async () => {
      agent = await startNomadAgent(nomad ?? "");
      workspace = await pulumiWorkspace(pulumi ?? "", { TEST_TOKEN: agent.token });
      const first = await run(32, "up", "--yes", "--skip-preview");
      expect(first.exitCode, first.output).toBe(0);
    });
    afterAll(async () => {
      await workspace.remove();
      await agent.stop();
    });

    test("runs again when it was stopped, with another memory too", async () => {
      await agent.call("DELETE", "/v1/job/web");
      const result = await up(40);
      expect(result.output).toContain('job "web" was changed outside of this stack: it was stopped');
      expect(result.output).toContain("1 to replace");
      expect(result.exitCode, result.output).toBe(0);
      await expectAsDeclared(40);
      await expectNoChanges(40);
    });

    test("has its declared count again when it was scaled, and keeps what runs", async () => {
      const before = await running();
      await scale(3);
      const result = await up(40);
      expect(result.output).toContain("group web was scaled from 2 to 3");
      expect(result.output).toContain("1 to update");
      expect(result.exitCode, result.output).toBe(0);
      await expectAsDeclared(40);
      expect((await running()).toSorted()).toEqual(before.toSorted());
      await expectNoChanges(40);
    });

    test("is named with the command that helps when it was scaled and changes as well", async () => {
      await scale(3);
      const result = await up(48);
      expect(result.exitCode).not.toBe(0);
      expect(result.output).toContain("job modify index has changed since last refresh");
      const [, target] = /pulumi refresh --target '([^']+)'/.exec(result.output)!;
      await workspace.pulumi("refresh", "--yes", "--skip-preview", "--target", target!);
      expect((await up(48)).exitCode).toBe(0);
      await expectAsDeclared(48);
    });

    test("is made again when it was purged", async () => {
      await agent.call("DELETE", "/v1/job/web?purge=true");
      const result = await up(48);
      expect(result.output).toContain("Nomad has no such job");
      expect(result.exitCode, result.output).toBe(0);
      await expectAsDeclared(48);
    });

    test("is destroyed with its cluster though Nomad cannot be reached, and not without", async () => {
      await workspace.program(program(48, agent.address, inCluster));
      const moved = await workspace.pulumi("up", "--yes", "--skip-preview");
      expect(moved.output).toMatch(/1 created\n.*4 unchanged/s);
      expect(await job()).toMatchObject({ Stop: false });
      await agent.stop();
      const destroy = ["destroy", "--yes", "--skip-preview"];
      const alone = await workspace.pulumi(...destroy, "--target", "**nomad:index/job:Job**");
      expect(alone.exitCode).not.toBe(0);
      expect(alone.output).toMatch(/Job.*web-job.*(ECONNREFUSED|connection refused)/is);
      const whole = await workspace.pulumi(...destroy);
      expect(whole.exitCode, whole.output).toBe(0);
    });
  },
);

interface Allocation {
  readonly ID: string;
  readonly DesiredStatus: string;
}
