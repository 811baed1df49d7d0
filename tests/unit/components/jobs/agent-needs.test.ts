import { describe, expect, test } from "vitest";
import type { HostVolume, MonitoringAgent } from "../../../../components/index.ts";
import { checkNodes, lackingVolumes } from "../../../../components/jobs/monitoring/node-check.ts";
import { nodeExporterAgent } from "../../../../components/jobs/monitoring/presets/node-exporter-agent.ts";
import { monitoringAgentJob } from "../../../support/rendered-jobs.ts";
import { validateAgentNeeds } from "../../../../components/jobs/monitoring/validation.ts";

describe("what an agent needs of a cluster of the same program", () => {
  const root: HostVolume = { name: "host-root", path: "/", readOnly: true };
  const agent = nodeExporterAgent();
  const writer: MonitoringAgent = {
    ...agent,
    hostVolumes: [{ source: "host-root", path: "/", destination: "/host", readOnly: false }],
  };
  const words = (args: Parameters<typeof validateAgentNeeds>[0], hostVolumes: HostVolume[] = [root]) =>
    validateAgentNeeds(args, { hostVolumes, namespaces: ["watch"] }).map(
      ({ propertyPath, reason }) => `${propertyPath}: ${reason}`,
    );

  test("is there", () => {
    expect(words({ agent })).toEqual([]);
    expect(words({ agent, namespace: "watch" })).toEqual([]);
    expect(words({ agent, namespace: "default" })).toEqual([]);
  });

  test("is named, with the line that is missing, when it is not", () => {
    expect(words({ agent }, [])).toEqual([
      'agent.hostVolumes[0]: the cluster offers no host volume "host-root"; add { name: "host-root", path: "/", readOnly: true } to its hostVolumes',
    ]);
    expect(words({ agent }, [{ ...root, path: "/srv" }])).toEqual([
      'agent.hostVolumes[0]: the cluster\'s host volume "host-root" is /srv, and the agent needs /',
    ]);
    expect(words({ agent: writer })[0]).toContain("is read-only, and the agent writes to it");
    expect(words({ agent, namespace: "night" })).toEqual([
      'namespace: "night" is not a namespace of this cluster; add it to the cluster\'s namespaces',
    ]);
  });
});

test("nodes of a running cluster: each that lacks a volume is named, with what it lacks", () => {
  const nodes = [
    { Name: "all", HostVolumes: { a: { ReadOnly: false }, b: { ReadOnly: true } } },
    { Name: "read-only", HostVolumes: { a: { ReadOnly: true }, b: { ReadOnly: true } } },
    { Name: "none", HostVolumes: null },
  ];
  const needed = [
    { source: "a", readOnly: false },
    { source: "b", readOnly: true },
  ];
  expect(lackingVolumes(nodes, needed)).toEqual([
    { node: "read-only", sources: ['writable "a"'] },
    { node: "none", sources: ['"a"', '"b"'] },
  ]);
});

test("a cluster that does not answer is warned of, so that it can be destroyed with --run-program", async () => {
  const warnings: string[] = [];
  // Nothing listens there.
  const job = monitoringAgentJob({ agent: nodeExporterAgent(), jobId: "exporter", datacenter: "sgp1" });
  await checkNodes(
    { address: "http://127.0.0.1:9", caCertificate: "" },
    { job, volumes: [] },
    { nameOf: (path) => path, warn: (message) => void warnings.push(message) },
  );
  expect(warnings).toEqual([expect.stringMatching(/was not checked: .*ECONNREFUSED/)]);
});
