import type { InputProperty, ResourceType } from "../../../../providers/engine/resource-type.ts";
import { isMap, sameValue, text } from "../../../../providers/engine/values.ts";
import type { Properties } from "../../../../providers/engine/values.ts";
import { runAction } from "./actions.ts";
import { part } from "./client.ts";
import type { DigitalOceanClient } from "./client.ts";
import { emptyText, notFilesystem, notTag, ofElements } from "./problems.ts";
import { changeTags, lowerCase, tags } from "./resource-tags.ts";

const formatted = "it is set when the volume is made";
const once: InputProperty = { type: "string", replaces: formatted, problem: emptyText };

function outputs(volume: Properties): Properties {
  return {
    name: volume["name"],
    region: isMap(volume["region"]) ? volume["region"]["slug"] : undefined,
    size: volume["size_gigabytes"],
    description: volume["description"] ?? "",
    filesystemType: volume["filesystem_type"] ?? "",
    filesystemLabel: volume["filesystem_label"] ?? "",
    dropletIds: volume["droplet_ids"] ?? [],
    tags: volume["tags"] ?? [],
    volumeUrn: `do:volume:${text(volume["id"])}`,
  };
}

async function read(client: DigitalOceanClient, id: string) {
  const answer = await client.find(`/v2/volumes/${id}`);
  return answer && { outputs: outputs(part(answer, "volume")) };
}

export const volume: ResourceType<DigitalOceanClient> = {
  inputs: {
    name: {
      ...{ type: "string", default: "generated", replaces: "a volume cannot be renamed", problem: emptyText },
    },
    region: { type: "string", required: true, replaces: "a volume cannot be moved", comparable: lowerCase },
    size: {
      type: "number",
      required: true,
      problem: (value) => (Number(value) < 1 ? "has to be 1 GiB at least" : undefined),
    },
    description: once,
    filesystemType: { type: "string", computed: true, problem: notFilesystem },
    initialFilesystemLabel: once,
    initialFilesystemType: { ...once, problem: notFilesystem },
    snapshotId: once,
    tags: { type: "list", unordered: true, comparable: tags, problem: ofElements(notTag) },
  },
  outputs: { dropletIds: {}, filesystemLabel: {}, volumeUrn: {} },
  check: (inputs) =>
    inputs["filesystemType"] !== undefined && inputs["initialFilesystemType"] !== undefined
      ? [{ property: "filesystemType", reason: "conflicts with initialFilesystemType: give that one only" }]
      : [],
  furtherChanges: (_client, state, inputs) => {
    const [from, to] = [text(state["size"]), text(inputs["size"])];
    return Number(to) < Number(from)
      ? Promise.reject(new Error(`size ${to} is less than the volume's ${from}: a volume can only grow`))
      : Promise.resolve({});
  },
  create: async (client, inputs) => {
    const body = {
      name: inputs["name"],
      region: lowerCase(inputs["region"]),
      size_gigabytes: inputs["size"],
      description: inputs["description"],
      filesystem_type: inputs["initialFilesystemType"] ?? inputs["filesystemType"],
      filesystem_label: inputs["initialFilesystemLabel"],
      snapshot_id: inputs["snapshotId"],
      tags: inputs["tags"],
    };
    const created = part(await client.request("POST", "/v2/volumes", body), "volume");
    return { id: text(created["id"]), outputs: outputs(created) };
  },
  read,
  update: async (client, id, state, inputs, { signal }) => {
    const change = { type: "resize", size_gigabytes: inputs["size"], region: lowerCase(inputs["region"]) };
    if (!sameValue(state["size"], inputs["size"])) await runAction(client, `volumes/${id}`, change, signal);
    await changeTags(client, { id, type: "volume" }, tags(state["tags"]), tags(inputs["tags"]));
    return (await read(client, id))?.outputs ?? {};
  },
  delete: (client, id) => client.remove(`/v2/volumes/${id}`),
};
