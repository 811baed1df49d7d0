import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { findNomad, startNomadAgent } from "../../../support/nomad/dev-agent.ts";
import type { NomadAgent } from "../../../support/nomad/dev-agent.ts";
import { findPulumi, pulumiWorkspace } from "../../../support/pulumi/workspace.ts";
import type { PulumiWorkspace } from "../../../support/pulumi/workspace.ts";

const pulumi = findPulumi();
const nomad = findNomad();

interface JobText {
  id?: string;
  type?: string;
  memory?: number;
  command?: string;
}

const jobspec = ({ id = "agent", type = "service", memory = 32, command = "/bin/sleep" }: JobText) => ({
  ID: id,
  Type: type,
  Datacenters: ["dc1"],
  TaskGroups: [
    {
      Name: "agent",
      Update: {
        MinHealthyTime: 1e9,
        HealthyDeadline: 20e9,
        ProgressDeadline: 25e9,
        HealthCheck: "task_states",
      },
      RestartPolicy: { Attempts: 0, Mode: "fail", Interval: 5e9, Delay: 1e9 },
      ...(type === "service" ? { ReschedulePolicy: { Attempts: 0, Unlimited: false } } : {}),
      Tasks: [
        {
          Name: "agent",
          Driver: "raw_exec",
          Config: { command, args: ["600"] },
          Resources: { CPU: 20, MemoryMB: memory },
        },
      ],
    },
  ],
});

const program = (job: string, apiKey = "canary-1", options = "") => `
  import * as nomad from "@pulumi/nomad";
  const policy = new nomad.AclPolicy("deploy", {
    name: "deploy", rulesHcl: 'namespace "*" { policy = "write" variables { path "*" { capabilities = ["write", "read", "destroy"] } } }',
  });
  const token = new nomad.AclToken("deploy", { type: "client", policies: [policy.name] });
  const provider = new nomad.Provider("deploy", { address: process.env.NOMAD_ADDR, secretId: token.secretId });
  new nomad.Namespace("blog", { name: "blog", description: "the blog" });
  const variable = new nomad.Variable("key", { path: "nomad/jobs/agent", items: { apikey: "${apiKey}" } }, { provider });
  new nomad.Job("agent", {
    jobspec: ${JSON.stringify(job)}, json: true, detach: false, purgeOnDestroy: true,
  }, { provider, dependsOn: variable, customTimeouts: { create: "40s", update: "40s" }, ${options} });
`;

const namespaced = (description: string) => {
  const job = jobspec({ id: "watcher" });
  // It takes its time to end, and a namespace is deleted only when nothing runs in it.
  const [task] = job.TaskGroups[0]!.Tasks;
  const slow = {
    ...task,
    Config: { command: "/bin/sh", args: ["-c", "trap '' INT TERM; sleep 600 & wait; wait"] },
  };
  const text = JSON.stringify({
    ...job,
    Namespace: "watch",
    TaskGroups: [{ ...job.TaskGroups[0], Tasks: [{ ...slow, KillTimeout: 3e9 }] }],
  });
  return `
  import * as nomad from "@pulumi/nomad";
  const namespace = new nomad.Namespace("watch", { name: "watch", description: "${description}" });
  const variable = new nomad.Variable("key", {
    path: "nomad/jobs/watcher", namespace: namespace.name, items: { apikey: "canary-3" },
  });
  new nomad.Job("watcher", {
    jobspec: ${JSON.stringify(text)}, json: true, detach: false, purgeOnDestroy: true,
  }, { dependsOn: variable });
`;
};

describe.skipIf(pulumi === undefined || nomad === undefined)(
  "the nomad stand-in (needs pulumi and nomad on PATH)",
  () => {
    let agent: NomadAgent;
    let workspace: PulumiWorkspace;
    const run = async (text: string, ...commandArguments: string[]) => {
      await workspace.program(text);
      return await workspace.pulumi(...commandArguments);
    };
    const up = (text: string) => run(text, "up", "--yes", "--skip-preview");

    beforeAll(async () => {
      agent = await startNomadAgent(nomad ?? "");
      workspace = await pulumiWorkspace(pulumi ?? "", {
        NOMAD_ADDR: agent.address,
        NOMAD_TOKEN: agent.token,
      });
    });
    afterAll(async () => {
      await workspace.remove();
      await agent.stop();
    });

    const first = JSON.stringify(jobspec({}));

    test("previews while the provider's token is unknown", async () => {
      const preview = await run(program(first), "preview");
      expect(preview.output).toContain("+ 7 to create");
    });

    test("deploys with the token it has just made and waits for the deployment", async () => {
      const result = await up(program(first));
      expect(result.output).toContain("7 created");
      const job = (await workspace.state()).resources.find(({ type }) => type === "nomad:index/job:Job");
      expect(job?.outputs).toMatchObject({
        name: "agent",
        deploymentStatus: "successful",
        status: "running",
      });
    });

    test("takes key order, spacing and defaults for no change", async () => {
      await workspace.pulumi("refresh", "--yes", "--skip-preview");
      const same = { Job: { Priority: 50, ...Object.fromEntries(Object.entries(jobspec({})).reverse()) } };
      const preview = await run(program(JSON.stringify(same, null, 2)), "preview", "--expect-no-changes");
      expect(preview.output).not.toContain("to update");
      expect(preview.exitCode).toBe(0);
      expect((await workspace.pulumi("refresh", "--yes", "--expect-no-changes")).exitCode).toBe(0);
    });

    test("shows a changed job field by field", async () => {
      const preview = await run(program(JSON.stringify(jobspec({ memory: 40 }))), "preview", "--diff");
      expect(preview.output).toMatch(/MemoryMB: 32 => 40/);
      expect(preview.output).not.toContain("canary-");
    });

    test("previews a change of type as an update and fails it with Nomad's message", async () => {
      const changed = program(JSON.stringify(jobspec({ type: "system" })));
      expect((await run(changed, "preview")).output).toContain("~ 1 to update");
      const result = await up(changed);
      expect(result.exitCode).not.toBe(0);
      expect(result.output).toContain(`cannot update job from type "service" to "system"`);
    });

    test("replaces a job whose id changes, and updates a variable in place", async () => {
      const result = await up(program(JSON.stringify(jobspec({ id: "other" })), "canary-2"));
      expect(result.output).toContain("1 replaced");
      expect(result.output).toContain("1 updated");
      expect((await agent.call("GET", "/v1/job/agent")).status).toBe(404);
      const stored = (await (await agent.call("GET", "/v1/var/nomad/jobs/agent")).json()) as {
        Items: object;
      };
      expect(stored.Items).toEqual({ apikey: "canary-2" });
    });

    test("fails with the reason when the deployment fails, and mends it afterwards", async () => {
      const broken = await up(
        program(JSON.stringify(jobspec({ id: "other", command: "/bin/false" })), "canary-2"),
      );
      expect(broken.exitCode).not.toBe(0);
      expect(broken.output).toMatch(/deployment '[0-9a-f-]+' terminated with status 'failed'/);
      const mended = await up(program(JSON.stringify(jobspec({ id: "other" })), "canary-2"));
      expect(mended.exitCode).toBe(0);
    });

    test("names the property of a job it cannot take", async () => {
      const result = await run(program(`job "agent" {}`), "preview");
      expect(result.exitCode).not.toBe(0);
      expect(result.output).toContain("jobspec is not JSON");
    });

    test("runs a job again that was purged behind its back", async () => {
      await agent.call("DELETE", "/v1/job/other?purge=true");
      await workspace.program(program(JSON.stringify(jobspec({ id: "other" })), "canary-2"));
      expect((await workspace.pulumi("refresh", "--yes", "--skip-preview")).output).toContain("1 deleted");
      expect((await workspace.pulumi("up", "--yes", "--skip-preview")).output).toContain("1 created");
    });

    test("keeps secrets out of the state's text and destroys everything", async () => {
      expect((await workspace.pulumi("stack", "export")).output).not.toContain("canary-");
      expect((await workspace.pulumi("destroy", "--yes", "--skip-preview")).output).toContain("7 deleted");
      expect((await agent.call("GET", "/v1/job/other")).status).toBe(404);
    });

    test("keeps a job and its Variable in a namespace, and deletes that when the last task has ended", async () => {
      const status = async (target: string) => (await agent.call("GET", target)).status;
      expect((await up(namespaced("first"))).output).toContain("4 created");
      expect(await status("/v1/job/watcher?namespace=watch")).toBe(200);
      expect(await status("/v1/job/watcher")).toBe(404);
      expect(await status("/v1/var/nomad/jobs/watcher?namespace=watch")).toBe(200);
      const refresh = await workspace.pulumi("refresh", "--yes", "--expect-no-changes");
      expect(refresh.exitCode).toBe(0);
      expect((await up(namespaced("second"))).output).toContain("1 updated");
      expect(await (await agent.call("GET", "/v1/namespace/watch")).json()).toMatchObject({
        Description: "second",
      });
      const refused = await agent.call("DELETE", "/v1/namespace/watch");
      expect(await refused.text()).toContain("has non-terminal jobs");
      expect((await workspace.pulumi("destroy", "--yes", "--skip-preview")).output).toContain("4 deleted");
      expect(await status("/v1/namespace/watch")).toBe(404);
    });

    test("deletes no default namespace, but what was said about it", async () => {
      const program = `
        import * as nomad from "@pulumi/nomad";
        new nomad.Namespace("default", { name: "default", description: "shared by all" });
      `;
      expect((await up(program)).output).toContain("2 created");
      expect((await workspace.pulumi("destroy", "--yes", "--skip-preview")).output).toContain("2 deleted");
      const found = await (await agent.call("GET", "/v1/namespace/default")).json();
      expect(found).toMatchObject({ Description: "Default shared namespace" });
    });
  },
);
