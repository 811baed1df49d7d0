import { expect, it } from "vitest";
import { plannedChanges } from "../../support/pulumi/planned-changes.ts";

const urn = (types: string, name: string) => `urn:pulumi:sandbox::nomad-digitalocean::${types}::${name}`;

it("lists a replacement once and leaves out what stays", () => {
  const job = urn("nomad-digitalocean:index:NomadJob$nomad:index/job:Job", "nginx-job");
  const steps = [
    { op: "same", urn: urn("pulumi:pulumi:Stack", "nomad-digitalocean-sandbox") },
    { op: "read", urn: urn("pulumi:pulumi:StackReference", "platform") },
    { op: "delete-replaced", urn: job },
    { op: "replace", urn: job },
    { op: "create-replacement", urn: job },
    { op: "delete", urn: urn("nomad:index/variable:Variable", "key") },
  ];
  expect(plannedChanges(JSON.stringify({ steps, changeSummary: { same: 1, replace: 1 } }))).toEqual([
    { operation: "replace", type: "nomad:index/job:Job", name: "nginx-job" },
    { operation: "delete", type: "nomad:index/variable:Variable", name: "key" },
  ]);
});

it("takes a preview with no steps for one that changes nothing", () => {
  expect(plannedChanges("{}")).toEqual([]);
});
