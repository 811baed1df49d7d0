import type { ResourceType } from "../../../../providers/engine/resource-type.ts";
import { isMap, text } from "../../../../providers/engine/values.ts";
import type { Properties } from "../../../../providers/engine/values.ts";
import { part } from "./client.ts";
import type { DigitalOceanClient } from "./client.ts";
import { notTag } from "./problems.ts";
import { lowerCase } from "./resource-tags.ts";

function tagOutputs(tag: Properties): Properties {
  const resources = isMap(tag["resources"]) ? tag["resources"] : {};
  const count = (kind: string) => (isMap(resources[kind]) ? resources[kind]["count"] : 0);
  return {
    name: tag["name"],
    totalResourceCount: resources["count"] ?? 0,
    dropletsCount: count("droplets"),
    imagesCount: count("images"),
    volumesCount: count("volumes"),
    volumeSnapshotsCount: count("volume_snapshots"),
    databasesCount: count("databases"),
  };
}

export const tag: ResourceType<DigitalOceanClient> = {
  inputs: {
    name: {
      type: "string",
      default: "generated",
      replaces: "a tag is its name",
      comparable: lowerCase,
      problem: notTag,
    },
  },
  outputs: {
    totalResourceCount: {},
    dropletsCount: {},
    imagesCount: {},
    volumesCount: {},
    volumeSnapshotsCount: {},
    databasesCount: {},
  },
  create: async (client, inputs) => {
    const created = part(await client.request("POST", "/v2/tags", { name: inputs["name"] }), "tag");
    return { id: text(created["name"]), outputs: tagOutputs(created) };
  },
  read: async (client, id) => {
    const answer = await client.find(`/v2/tags/${encodeURIComponent(id)}`);
    return answer && { outputs: tagOutputs(part(answer, "tag")) };
  },
  delete: (client, id) => client.remove(`/v2/tags/${encodeURIComponent(id)}`),
};
