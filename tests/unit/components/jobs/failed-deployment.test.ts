import { expect, test } from "vitest";
import { failedDeployment } from "../../../../components/jobs/spec/failed-deployment.ts";

const failed = { JobVersion: 3, Status: "failed", StatusDescription: "Failed due to progress deadline" };
const system = { Type: "system", Stop: false };

test("a system job's failed deployment is named with the commands that help", () => {
  expect(failedDeployment("nginx", system, failed)).toMatch(
    /^job "nginx": its deployment of version 3 failed \(Failed due to progress deadline\).*`nomad job stop -purge nginx`.*`nomad system gc`/,
  );
});

test.each([
  ["one that has not failed", system, { ...failed, Status: "successful" }],
  ["none", system, null],
  ["that of a service job, which gets another one", { ...system, Type: "service" }, failed],
  ["that of a job that was stopped, which is purged anyway", { ...system, Stop: true }, failed],
])("%s is nothing to say", (_, job, deployment) => {
  expect(failedDeployment("nginx", job, deployment)).toBeUndefined();
});
