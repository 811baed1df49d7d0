import type { ResourceChange } from "../../../../cli/report/resource-changes.ts";

/** What differs between the jobs of the tests. */
export interface Shape {
  readonly id?: string;
  readonly type?: string;
  readonly priority?: number;
  readonly count?: number;
  readonly tag?: string;
  readonly value?: string;
  readonly memory?: number;
  readonly canary?: number;
}

const second = 1e9;
/** A job as Nomad's API takes it. */
export const job = (shape: Shape) => {
  const { id = "web", type = "service", priority = 50, count = 3, canary = 0 } = shape;
  const { tag = "a", value = "a", memory = 16 } = shape;
  return {
    ID: id,
    Name: id,
    Type: type,
    Priority: priority,
    Datacenters: ["dc1"],
    Update: {
      ...{ MaxParallel: 1, HealthCheck: "task_states", Canary: canary },
      ...{ MinHealthyTime: second / 10, HealthyDeadline: 30 * second, ProgressDeadline: 40 * second },
    },
    TaskGroups: [
      {
        Name: "web",
        ...(type === "service" && { Count: count }),
        Services: [{ Name: "web", Provider: "nomad", Tags: [tag] }],
        Tasks: [
          {
            Name: "web",
            Driver: "raw_exec",
            Config: { command: "/bin/sleep", args: ["600"] },
            Env: { VALUE: value },
            Resources: { CPU: 10, MemoryMB: memory },
          },
        ],
      },
    ],
  };
};

const inputs = (shape: Shape) => ({ json: true, jobspec: JSON.stringify({ Job: job(shape) }) });
/** The change of the job's resource, as a preview reports it. */
export const change = (
  action: ResourceChange["action"],
  old: Shape | undefined,
  next: Shape | undefined,
): ResourceChange => ({
  ...{ urn: "urn", name: "web", type: "nomad:index/job:Job", properties: [], provider: "", custom: true },
  action,
  ...(old && { old: inputs(old) }),
  ...(next && { new: inputs(next) }),
});
