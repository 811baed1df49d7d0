import { canonicalText, isMap, text, unknown, withoutAbsent } from "../../../../providers/engine/values.ts";
import type { Properties, Value } from "../../../../providers/engine/values.ts";

/** A job of the HTTP API, out of its `Job` root. Throws when the text is not such a job. */
export function parseJobspec(jobspec: string): Properties {
  let parsed: unknown;
  try {
    parsed = JSON.parse(jobspec);
  } catch (error) {
    throw new Error(`jobspec is not JSON: ${(error as Error).message}`, { cause: error });
  }
  const root = parsed as Value;
  const job = isMap(root) && isMap(root["Job"]) ? root["Job"] : root;
  if (!isMap(job)) throw new Error("jobspec is not a JSON object");
  if (text(job["ID"]) === "") throw new Error("jobspec has no ID");
  return job;
}

export const jobId = (job: Properties) => text(job["ID"]);
export const jobNamespace = (job: Properties) => text(job["Namespace"]) || "default";

function listOf(value: Value, canonical: (item: Properties) => Properties): Value {
  return Array.isArray(value) ? value.map((item) => (isMap(item) ? canonical(item) : item)) : value;
}

const canonicalTask = (task: Properties): Properties => ({
  KillTimeout: 5_000_000_000,
  ...task,
  Resources: { CPU: 100, MemoryMB: 300, ...(isMap(task["Resources"]) ? task["Resources"] : {}) },
});

const canonicalGroup = (group: Properties): Properties => ({
  ...group,
  Count: group["Count"] ?? 1,
  Tasks: listOf(group["Tasks"], canonicalTask),
});

/** The fields of a job in the HTTP API; what else a job has Nomad drops without a word. */
const jobFields = new Set(
  (
    "Region Namespace ID Name Type Priority AllAtOnce " +
    "Datacenters NodePool Constraints Affinities TaskGroups Update Multiregion " +
    "Spreads Periodic ParameterizedJob Reschedule Migrate Meta UI " +
    "Stop ParentID Dispatched DispatchIdempotencyToken Payload ConsulNamespace VaultNamespace " +
    "NomadTokenID Status StatusDescription Stable Version SubmitTime CreateIndex " +
    "ModifyIndex JobModifyIndex VersionTag"
  )
    .toLowerCase()
    .split(" "),
);

const knownFields = (job: Properties): Properties =>
  Object.fromEntries(Object.entries(job).filter(([field]) => jobFields.has(field.toLowerCase())));

/** A text that is the same for jobs that Nomad takes for the same: key order and the usual defaults do not count. */
export function canonicalJobspec(value: Value): Value {
  let job: Properties;
  try {
    job = parseJobspec(text(value));
  } catch {
    // Not a job, which the check reports; compared as it is.
    return value;
  }
  return canonicalText({
    Priority: 50,
    Type: "service",
    Datacenters: ["*"],
    NodePool: "default",
    ...knownFields(job),
    Name: job["Name"] ?? job["ID"],
    Namespace: jobNamespace(job),
    Region: text(job["Region"]) || "global",
    TaskGroups: listOf(job["TaskGroups"], canonicalGroup),
  });
}

/** What a preview knows of a job that is not registered yet. */
export function plannedJob(inputs: Properties): Properties {
  if (inputs["jobspec"] === unknown) return {};
  const job = parseJobspec(text(inputs["jobspec"]));
  return withoutAbsent({
    name: jobId(job),
    namespace: jobNamespace(job),
    type: job["Type"],
    datacenters: job["Datacenters"],
  });
}
