import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { findNomad, freePort, startNomadAgent } from "../../support/nomad/dev-agent.ts";
import type { NomadAgent } from "../../support/nomad/dev-agent.ts";
import { findPulumi, pulumiWorkspace } from "../../support/pulumi/workspace.ts";
import type { PulumiWorkspace } from "../../support/pulumi/workspace.ts";

const pulumi = findPulumi();
const nomad = findNomad();
const components = new URL("../../../components/index.ts", import.meta.url).pathname;

const program = (memory: number, addresses: readonly string[]) => `
  import { NomadJob } from ${JSON.stringify(components)};
  const [address, ...others] = ${JSON.stringify(addresses)};
  const task = {
    Name: "sleep", Driver: "raw_exec", Config: { command: "/bin/sleep", args: ["600"] },
    Resources: { CPU: 20, MemoryMB: ${memory} },
  };
  const update = { MinHealthyTime: 1e8, HealthyDeadline: 20e9, ProgressDeadline: 25e9, HealthCheck: "task_states" };
  new NomadJob("web", {
    connection: {
      address, addresses: [address, ...others], caCertificate: "", token: process.env.TEST_TOKEN, datacenter: "dc1",
    },
    job: {
      ID: "web", Type: "service", Datacenters: ["dc1"],
      TaskGroups: [{ Name: "web", Count: 1, Update: update, Tasks: [task] }],
    },
  });
`;

describe.skipIf(pulumi === undefined || nomad === undefined)(
  "a job of a cluster whose first server is away (needs pulumi and nomad on PATH)",
  () => {
    let agent: NomadAgent;
    let workspace: PulumiWorkspace;
    let away: string;
    const run = async (memory: number, addresses: readonly string[], ...commandArguments: string[]) => {
      await workspace.program(program(memory, addresses));
      return workspace.pulumi(...commandArguments);
    };
    const memory = async () => {
      const job = (await (await agent.call("GET", "/v1/job/web")).json()) as Job;
      return [job.Version, job.TaskGroups[0]!.Tasks[0]!.Resources.MemoryMB];
    };

    beforeAll(async () => {
      agent = await startNomadAgent(nomad ?? "");
      away = `http://127.0.0.1:${await freePort()}`;
      workspace = await pulumiWorkspace(pulumi ?? "", { TEST_TOKEN: agent.token });
    });
    afterAll(async () => {
      await workspace.remove();
      await agent.stop();
    });

    test("is registered through another one", async () => {
      const result = await run(32, [away, agent.address], "up", "--yes", "--skip-preview");
      expect(result.exitCode, result.output).toBe(0);
      expect(await memory()).toEqual([0, 32]);
    });

    test("is kept as it is when the first one is back", async () => {
      const addresses = [agent.address, away];
      const preview = await run(32, addresses, "preview", "--diff");
      expect(preview.output).toMatch(/~ 1 to update/);
      expect(preview.output).not.toMatch(/replace/);
      const result = await run(32, addresses, "up", "--yes", "--skip-preview");
      expect(result.exitCode, result.output).toBe(0);
      expect(await memory()).toEqual([0, 32]);
      const again = await run(32, addresses, "preview", "--expect-no-changes");
      expect(again.exitCode, again.output).toBe(0);
    });

    test("is changed, and looked at before that, through another one", async () => {
      const result = await run(40, [away, agent.address], "up", "--yes");
      expect(result.output).not.toMatch(/cannot be asked|replace/);
      expect(result.exitCode, result.output).toBe(0);
      expect(await memory()).toEqual([1, 40]);
    });
  },
);

interface Job {
  readonly Version: number;
  readonly TaskGroups: { readonly Tasks: { readonly Resources: { readonly MemoryMB: number } }[] }[];
}
