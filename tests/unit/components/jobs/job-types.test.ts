import { expect, test } from "vitest";
import { taskGroup } from "../../../../components/jobs/spec/job.ts";
import { systemJob } from "../../../../components/jobs/spec/render.ts";

const task = { image: "nginx:1.30.0", resources: { cpu: 100, memory: 64 } };

// Each line that TypeScript must refuse is marked; a mark on a line that it accepts fails `tsc`, which `npm test` runs.
test("types refuse what Nomad would refuse", () => {
  const ports = { http: {} };
  const volumes = { state: { source: "agent-state" } };
  // @ts-expect-error the group declares no port "metrics"
  taskGroup({ ports, tasks: { web: { ...task, ports: ["metrics"] } } });
  // @ts-expect-error the group declares no port "metrics"
  taskGroup({ ports, services: [{ name: "web", port: "metrics" }], tasks: { web: task } });
  const volumeMounts = [{ volume: "data", destination: "/data" }] as const;
  // @ts-expect-error the group declares no volume "data"
  taskGroup({ volumes, tasks: { web: { ...task, volumeMounts } } });
  const job = { id: "web", datacenters: ["sgp1"] };
  // @ts-expect-error a system job has no count
  systemJob({ ...job, groups: { web: { count: 3, tasks: { web: task } } } });
  // @ts-expect-error a system job has no spread
  systemJob({ ...job, groups: { web: { spread: { attribute: "a", weight: 1 }, tasks: {} } } });

  const group = taskGroup({ ports, volumes, tasks: { web: { ...task, ports: ["http"] } } });
  expect(systemJob({ ...job, groups: { web: group } }).TaskGroups).toHaveLength(1);
});
