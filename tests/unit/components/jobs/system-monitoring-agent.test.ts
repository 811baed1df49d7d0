import { describe, expect, test } from "vitest";
import {
  mackerelAgent,
  validateMackerelAgent,
} from "../../../../components/jobs/monitoring/presets/mackerel-agent.ts";
import { monitoringAgentJob } from "../../../support/rendered-jobs.ts";

const agent = mackerelAgent({ roles: ["lorentzca:nomad-cluster"] });
const job = monitoringAgentJob({ agent, jobId: "mackerel", datacenter: "sgp1" });
const task = job.TaskGroups[0]!.Tasks[0]!;

describe("the mackerel job", () => {
  test("is the system job that the cluster's author meant", () => {
    expect(job).toMatchObject({ ID: "mackerel", Type: "system", Priority: 50, Datacenters: ["sgp1"] });
    expect(task.Config.image).toBe("mackerel/mackerel-agent:0.87.1");
    expect(task.Templates?.[0]?.EmbeddedTmpl).toContain('roles = ["lorentzca:nomad-cluster"]');
  });

  test("has neither docker.sock, nor a host path, nor more rights than a container has", () => {
    expect(JSON.stringify(job)).not.toMatch(/docker\.sock|privileged|cap_add|volumes"/);
  });

  test("names its host after the Nomad node and marks it with the cluster's address", () => {
    const text = task.Templates?.[0]?.EmbeddedTmpl;
    expect(text).toContain('display_name = {{ env "node.unique.name" | toJSON }}');
    expect(text).toContain("{{ .clusterAddress.Value | toJSON }}");
  });

  test("does not go through the image's start script, which prints the key and retires the host", () => {
    expect(task.Config).toMatchObject({ command: "/usr/bin/mackerel-agent" });
    expect(JSON.stringify(job)).not.toMatch(/startup\.sh|auto_retirement|retire/);
  });

  test("sees the node: its network, and through it its name", () => {
    expect(task.Config.network_mode).toBe("host");
  });

  test("keeps its state in the nodes' volume and its key in the secrets directory", () => {
    expect(job.TaskGroups[0]!.Volumes).toEqual({
      state: { Name: "state", Type: "host", Source: "agent-state", ReadOnly: false },
    });
    expect(task.Env).toEqual({ AGENT_STATE_DIRECTORY: `${task.VolumeMounts![0]!.Destination}/mackerel` });
    expect(task.Templates).toHaveLength(1);
    expect(task.Templates![0]).toMatchObject({
      DestPath: "secrets/mackerel-agent.conf",
      Perms: "0400",
      ChangeMode: "restart",
    });
  });

  test("reads the key from the Variable of the job, whatever the job is called", () => {
    const other = monitoringAgentJob({ agent, jobId: "watch", datacenter: "sgp1", priority: 90 });
    expect(other).toMatchObject({ ID: "watch", Priority: 90 });
    expect(other.TaskGroups[0]!.Tasks[0]!.Templates![0]!.EmbeddedTmpl).toMatch(
      /^\{\{ with nomadVar "nomad\/jobs\/watch" \}\}apikey = \{\{ \.apiKey\.Value \| toJSON \}\}\n.*\{\{ end \}\}$/s,
    );
  });
});

describe("Mackerel's arguments", () => {
  test.each([
    ["a role without a service", { roles: ["nomad-cluster"] }, "roles[0]"],
    ["a role with a space", { roles: ["blog: nomad-cluster"] }, "roles[0]"],
    ["no role", { roles: [] }, "roles"],
    ["an image without a version", { roles: ["a1:b2"], image: "mackerel/mackerel-agent:latest" }, "image"],
    ["an API that is no URL", { roles: ["a1:b2"], apiUrl: "api.mackerelio.com" }, "apiUrl"],
  ])("refuse %s", (_, args, propertyPath) => {
    expect(validateMackerelAgent(args).issues.map(({ propertyPath }) => propertyPath)).toEqual([
      propertyPath,
    ]);
    expect(() => mackerelAgent(args)).toThrow(propertyPath);
  });
});
