import { describe, expect, test } from "vitest";
import { readJob } from "../../../policies/job.ts";
import { knownJob } from "../../../policies/job-policy.ts";

describe("a job is read", () => {
  const job = {
    ID: "web",
    Type: "batch",
    TaskGroups: [{ Name: "web", Count: 2, Tasks: [{ Name: "server" }] }],
  };

  test("with and without the root `Job`", () => {
    expect(readJob(JSON.stringify({ Job: job }))).toEqual(readJob(JSON.stringify(job)));
    expect(readJob(JSON.stringify(job))).toMatchObject({ id: "web", type: "batch", groups: [{ count: 2 }] });
  });

  test("with field names in any case, as Nomad does, but not names of the driver and of variables", () => {
    const task = { NAME: "server", driver: "docker", config: { Image: "x" }, env: { token: "x" } };
    const read = readJob(JSON.stringify({ id: "web", taskgroups: [{ name: "web", TASKS: [task] }] }));
    expect(read.groups[0]?.tasks[0]).toMatchObject({
      name: "server",
      driver: "docker",
      config: { Image: "x" },
      environment: { token: "x" },
    });
  });

  test("with Nomad's defaults", () => {
    const read = readJob(JSON.stringify({ ID: "web", TaskGroups: [{ Tasks: [{}] }] }));
    expect(read).toMatchObject({ type: "service", groups: [{ count: 1, oneInstancePerNode: false }] });
    expect(read.groups[0]?.tasks[0]?.memory).toBeUndefined();
  });

  test.each([
    ["a static port", { Networks: [{ ReservedPorts: [{ Label: "http", Value: 80 }] }] }],
    ["distinct hosts", { Constraints: [{ Operand: "distinct_hosts", RTarget: "true" }] }],
  ])("as one instance a node for %s", (_, group) => {
    const read = readJob(JSON.stringify({ ID: "web", TaskGroups: [group] }));
    expect(read.groups[0]?.oneInstancePerNode).toBe(true);
  });

  test("with the host volumes of its groups, and no others", () => {
    const Volumes = { a: { Type: "host", Source: "content" }, b: { Type: "csi", Source: "other" } };
    expect(readJob(JSON.stringify({ TaskGroups: [{ Volumes }] })).groups[0]?.hostVolumes).toEqual([
      "content",
    ]);
  });

  test.each(['job "web" {}', '{ "ID": ', "[]", "null"])("not from %s", (jobspec) => {
    expect(knownJob(jobspec)).toBeUndefined();
  });
});
