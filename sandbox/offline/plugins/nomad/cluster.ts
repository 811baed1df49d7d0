import { poll } from "../engine/poll.ts";
import type { ResourceType } from "../engine/resource-type.ts";
import { isMap, text } from "../engine/values.ts";
import type { Properties, Value } from "../engine/values.ts";
import type { NomadClient } from "./client.ts";

const capabilityFields: Record<string, string> = {
  enabledTaskDrivers: "EnabledTaskDrivers",
  disabledTaskDrivers: "DisabledTaskDrivers",
  enabledNetworkModes: "EnabledNetworkModes",
  disabledNetworkModes: "DisabledNetworkModes",
};

function capabilities(value: Value): Properties {
  const given = isMap(value) ? value : {};
  return Object.fromEntries(
    Object.entries(capabilityFields).map(([property, field]) => [field, given[property] ?? []]),
  );
}

async function writeNamespace(client: NomadClient, inputs: Properties): Promise<void> {
  const body = {
    Name: inputs["name"],
    Description: inputs["description"] ?? "",
    Meta: inputs["meta"] ?? {},
    ...(inputs["capabilities"] === undefined ? {} : { Capabilities: capabilities(inputs["capabilities"]) }),
  };
  await client.request("PUT", "/v1/namespace", { body });
}

/** Without the properties of Nomad Enterprise. */
export const namespace: ResourceType<NomadClient> = {
  inputs: {
    name: { type: "string", default: "generated", replaces: "a namespace is its name" },
    description: { type: "string" },
    meta: { type: "map" },
    capabilities: { type: "map" },
  },
  outputs: {},
  create: async (client, inputs) => {
    await writeNamespace(client, inputs);
    return { id: text(inputs["name"]), outputs: {} };
  },
  read: async (client, id) => {
    const found = await client.find(`/v1/namespace/${encodeURIComponent(id)}`);
    if (found === undefined) return undefined;
    const given = found["Capabilities"];
    const named = Object.entries(capabilityFields).map(([property, field]) => [
      property,
      isMap(given) ? given[field] : [],
    ]);
    const outputs: Properties = {
      name: found["Name"],
      description: found["Description"] ?? "",
      meta: found["Meta"] ?? {},
    };
    if (isMap(given)) outputs["capabilities"] = Object.fromEntries(named) as Properties;
    return { outputs };
  },
  update: async (client, _id, _state, inputs) => {
    await writeNamespace(client, inputs);
    return {};
  },
  delete: async (client, id, state, { signal }) => {
    // It cannot go, so what was said about it does.
    if (id === "default")
      return writeNamespace(client, { ...state, name: id, description: "Default shared namespace" });
    let retries = 10;
    const look = async () => ((await namespaceGone(client, id, retries--)) ? true : undefined);
    if (!(await look())) await poll(`namespace ${id} to be empty`, look, signal);
  },
};

/** False while something still ends in the namespace; an error if that has no retries left. */
async function namespaceGone(client: NomadClient, name: string, retries: number): Promise<boolean> {
  try {
    await client.remove(`/v1/namespace/${encodeURIComponent(name)}`);
    return true;
  } catch (error) {
    const { message } = error as Error;
    const empties = /has non-terminal (jobs|allocations)/.test(message);
    if (empties && retries > 0) return false;
    const words = empties ? "too many failures attempting to delete" : "error deleting";
    throw new Error(`${words} namespace "${name}": ${message}`, { cause: error });
  }
}

const preemptionFields: Record<string, string> = {
  system_scheduler_enabled: "SystemSchedulerEnabled",
  sysbatch_scheduler_enabled: "SysBatchSchedulerEnabled",
  batch_scheduler_enabled: "BatchSchedulerEnabled",
  service_scheduler_enabled: "ServiceSchedulerEnabled",
};
const schedulerPath = "/v1/operator/scheduler/configuration";

/** What is left out is written as false, as the official plugin does. */
async function writeScheduler(client: NomadClient, inputs: Properties): Promise<void> {
  const preemption = isMap(inputs["preemptionConfig"]) ? inputs["preemptionConfig"] : {};
  const fields = Object.entries(preemptionFields).map(([key, field]) => [field, preemption[key] === true]);
  const body = {
    SchedulerAlgorithm: inputs["schedulerAlgorithm"] ?? "binpack",
    MemoryOversubscriptionEnabled: inputs["memoryOversubscriptionEnabled"] ?? false,
    PreemptionConfig: Object.fromEntries(fields) as Properties,
  };
  await client.request("PUT", schedulerPath, { body });
}

export const schedulerConfig: ResourceType<NomadClient> = {
  inputs: {
    memoryOversubscriptionEnabled: { type: "boolean" },
    schedulerAlgorithm: { type: "string", computed: true },
    preemptionConfig: {
      type: "map",
      problem: (value) => {
        const wrong = Object.keys(isMap(value) ? value : {}).find((key) => !(key in preemptionFields));
        return wrong === undefined ? undefined : `does not know ${wrong}`;
      },
    },
  },
  outputs: {},
  create: async (client, inputs) => {
    await writeScheduler(client, inputs);
    return { id: "nomad-scheduler-config", outputs: {} };
  },
  read: async (client) => {
    const config = (await client.request("GET", schedulerPath))["SchedulerConfig"];
    if (!isMap(config)) throw new Error("Nomad's answer has no SchedulerConfig");
    const preemption = isMap(config["PreemptionConfig"]) ? config["PreemptionConfig"] : {};
    const named = Object.entries(preemptionFields).map(([key, field]) => [key, preemption[field] === true]);
    return {
      outputs: {
        schedulerAlgorithm: config["SchedulerAlgorithm"],
        memoryOversubscriptionEnabled: config["MemoryOversubscriptionEnabled"] ?? false,
        preemptionConfig: Object.fromEntries(named) as Properties,
      },
    };
  },
  update: async (client, _id, _state, inputs) => {
    await writeScheduler(client, inputs);
    return {};
  },
  delete: () => Promise.resolve(),
};
