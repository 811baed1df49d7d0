import { poll } from "../../../../providers/engine/poll.ts";
import type { ResourceType } from "../../../../providers/engine/resource-type.ts";
import { isMap, text } from "../../../../providers/engine/values.ts";
import type { Properties, Value } from "../../../../providers/engine/values.ts";
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
