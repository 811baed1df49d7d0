import { expect, test } from "vitest";
import {
  mackerelAgent,
  nodeExporterAgent,
  NomadCluster,
  SystemMonitoringAgent,
} from "../../../components/index.ts";
import type { ApiJob } from "../../../components/index.ts";
import { declared } from "../../support/pulumi/mocked-program.ts";

const resources = await declared(() => {
  const { connection } = new NomadCluster("nomad", {
    operatorCidrs: ["192.0.2.7/32"],
    namespaces: ["watch"],
    hostVolumes: [{ name: "host-root", path: "/", readOnly: true }],
  });
  const agent = mackerelAgent({ roles: ["blog:nomad-cluster"] });
  new SystemMonitoringAgent("mackerel", { connection, agent, apiKey: "key", namespace: "watch" });
  new SystemMonitoringAgent("exporter", { connection, agent: nodeExporterAgent(), namespace: "watch" });
});
const inputsOf = (type: string) =>
  resources.filter((resource) => resource.type.endsWith(`:${type}`)).map(({ inputs }) => inputs);

test("a cluster makes its namespaces", () => {
  expect(inputsOf("Namespace")).toEqual([{ name: "watch" }]);
});

test("agents are in the namespace that they are asked into, with the Variable of the one that has a key", () => {
  const jobs = inputsOf("Job").map(({ jobspec }) => (JSON.parse(jobspec as string) as { Job: ApiJob }).Job);
  expect(jobs.map(({ ID, Namespace }) => [ID, Namespace]).sort()).toEqual([
    ["mackerel", "watch"],
    ["node-exporter", "watch"],
  ]);
  expect(inputsOf("Variable")).toMatchObject([{ namespace: "watch", path: "nomad/jobs/mackerel" }]);
});

test("what a program puts into its own cluster goes with the cluster's VPC, in whatever component", () => {
  const inNomad = resources.filter(({ type }) => type.startsWith("nomad:"));
  expect(inNomad.map(({ type }) => type.split(":").at(-1)).sort()).toEqual([
    "AclPolicy",
    "AclToken",
    "Job",
    "Job",
    "Namespace",
    "Variable",
  ]);
  for (const { name, deletedWith } of inNomad)
    expect([name, deletedWith]).toEqual([name, "digitalocean:index/vpc:Vpc::nomad-network-vpc"]);
});
