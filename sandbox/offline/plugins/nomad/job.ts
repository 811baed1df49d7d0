import { IncompleteResourceError } from "../../../../providers/engine/resource-type.ts";
import type {
  InputProperty,
  OutputProperty,
  ResourceType,
} from "../../../../providers/engine/resource-type.ts";
import { isMap, text } from "../../../../providers/engine/values.ts";
import type { Properties, Value } from "../../../../providers/engine/values.ts";
import type { NomadClient } from "./client.ts";
import { waitForDeployment } from "./deployment.ts";
import { jobOutputs } from "./job-outputs.ts";
import { canonicalJobspec, jobId, jobNamespace, parseJobspec, plannedJob } from "./jobspec.ts";

const on: InputProperty = { type: "boolean", default: true };
const off: InputProperty = { type: "boolean", stateDefault: false };
/** Means nothing to a job in JSON, but a change of it registers the job again. */
const withAllowFs = (value: Value): Value => (isMap(value) ? { allowFs: false, ...value } : value);
const changing: OutputProperty = { changesOnUpdate: true };
const jobPath = (id: string) => `/v1/job/${encodeURIComponent(id)}`;

async function read(client: NomadClient, id: string, namespace: string): Promise<Properties | undefined> {
  const job = await client.find(jobPath(id), { namespace });
  if (job === undefined) return undefined;
  const query = { version: text(job["Version"]) };
  const submission = await client.find(`${jobPath(id)}/submission`, { namespace, query });
  const source = text(submission?.["Source"]);
  return { ...jobOutputs(job), ...(source === "" ? {} : { jobspec: source }), allocationIds: [] };
}

/** Registers the job and, unless it is detached, waits for its deployment. */
async function register(client: NomadClient, inputs: Properties, signal: AbortSignal) {
  const job = parseJobspec(text(inputs["jobspec"]));
  const [id, namespace] = [jobId(job), jobNamespace(job)];
  const variables = isMap(inputs["hcl2"]) ? (inputs["hcl2"]["vars"] ?? null) : null;
  const body = {
    Job: { ...job, Namespace: namespace },
    PolicyOverride: inputs["policyOverride"],
    PreserveCounts: inputs["preserveCounts"],
    Submission: { Source: inputs["jobspec"], Format: "json", VariableFlags: variables },
  };
  let registered: Properties;
  try {
    registered = await client.request("PUT", "/v1/jobs", { namespace, body, signal });
  } catch (error) {
    throw new Error(`error applying jobspec: ${(error as Error).message}`, { cause: error });
  }
  const evaluation = text(registered["EvalID"]);
  try {
    const deployment =
      inputs["detach"] === false && evaluation !== ""
        ? await waitForDeployment(client, evaluation, namespace, signal)
        : { deploymentId: "", deploymentStatus: "" };
    return { id, outputs: { ...(await read(client, id, namespace)), ...deployment } };
  } catch (error) {
    const message = `error waiting for job '${id}' to schedule/deploy successfully: ${(error as Error).message}`;
    // Its own signal may be over, and what Nomad has now belongs in the state.
    throw new IncompleteResourceError(message, id, (await read(client, id, namespace)) ?? {});
  }
}

/** What Nomad would do with a changed job; fails if the job was changed elsewhere since the last refresh. */
async function requireUnchangedIndex(client: NomadClient, job: Properties, state: Properties): Promise<void> {
  const body = { Job: { ...job, Namespace: jobNamespace(job) }, Diff: false };
  let plan: Properties;
  try {
    plan = await client.request("POST", `${jobPath(jobId(job))}/plan`, {
      namespace: jobNamespace(job),
      body,
    });
  } catch (error) {
    // A plan that fails is a warning only: what is wrong with the job shows when it is applied.
    console.error(`failed to validate Nomad plan: ${(error as Error).message}`);
    return;
  }
  if (text(plan["JobModifyIndex"]) !== text(state["modifyIndex"]))
    throw new Error("job modify index has changed since last refresh");
}

export const job: ResourceType<NomadClient> = {
  defaultTimeout: 300,
  inputs: {
    jobspec: { type: "string", required: true, comparable: canonicalJobspec },
    json: off,
    deregisterOnDestroy: on,
    deregisterOnIdChange: on,
    detach: on,
    hcl2: { type: "map", kept: withAllowFs, comparable: withAllowFs },
    policyOverride: off,
    preserveCounts: off,
    purgeOnDestroy: off,
    rerunIfDead: off,
  },
  outputs: {
    allAtOnce: {},
    allocationIds: {},
    constraints: changing,
    createIndex: {},
    datacenters: changing,
    deploymentId: changing,
    deploymentStatus: changing,
    modifyIndex: changing,
    name: {},
    namespace: {},
    parentId: {},
    periodicConfigs: {},
    priority: changing,
    region: {},
    stable: changing,
    status: changing,
    statusDescription: changing,
    stop: changing,
    submitTime: changing,
    taskGroups: changing,
    type: changing,
    updateStrategies: changing,
    version: changing,
  },
  check: (inputs) => {
    if (inputs["json"] !== true)
      return [
        { property: "json", reason: "this stand-in has no HCL parser: give the job as JSON with json: true" },
      ];
    try {
      parseJobspec(text(inputs["jobspec"]));
      return [];
    } catch (error) {
      return [{ property: "jobspec", reason: (error as Error).message }];
    }
  },
  plannedOutputs: plannedJob,
  furtherChanges: async (client, state, inputs) => {
    const dead = state["status"] === "dead" && inputs["rerunIfDead"] === true;
    const further: Record<string, "update" | "replace"> = dead ? { status: "update" } : {};
    const changed = canonicalJobspec(state["jobspec"]) !== canonicalJobspec(inputs["jobspec"]);
    let next: Properties;
    try {
      next = parseJobspec(text(inputs["jobspec"]));
    } catch {
      // An unknown job: nothing can be said about it yet.
      return further;
    }
    if (!changed) return further;
    const moved = jobNamespace(next) !== text(state["namespace"]);
    const renamed = jobId(next) !== text(state["name"]);
    if (moved || (renamed && inputs["deregisterOnIdChange"] === true))
      return { ...further, jobspec: "replace" };
    if (!renamed) await requireUnchangedIndex(client, next, state);
    return further;
  },
  create: (client, inputs, { signal }) => register(client, inputs, signal),
  read: async (client, id, state) => {
    const importing = Object.keys(state).length === 0;
    const [name = id, namespace = "default"] = importing
      ? id.split("@")
      : [id, text(state["namespace"]) || "default"];
    const found = await read(client, name, namespace);
    if (found === undefined) return undefined;
    return { id: name, outputs: importing ? { ...found, json: true } : found };
  },
  update: async (client, _id, _state, inputs, { signal }) => (await register(client, inputs, signal)).outputs,
  delete: async (client, id, state) => {
    if (state["deregisterOnDestroy"] === false) return;
    const query = { purge: String(state["purgeOnDestroy"] === true) };
    await client.remove(jobPath(id), { namespace: text(state["namespace"]) || "default", query });
  },
};
