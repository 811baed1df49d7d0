import type { InputProperty, ResourceType } from "../engine/resource-type.ts";
import { isMap, text } from "../engine/values.ts";
import type { Properties } from "../engine/values.ts";
import { runAction } from "./actions.ts";
import { part } from "./client.ts";
import type { DigitalOceanClient } from "./client.ts";

const formatted = "it is set when the volume is made";
const once: InputProperty = { type: "string", replaces: formatted };

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
    name: { type: "string", default: "generated", replaces: "a volume cannot be renamed" },
    region: { type: "string", required: true, replaces: "a volume cannot be moved" },
    size: { type: "number", required: true },
    description: once,
    filesystemType: { ...once, computed: true },
    initialFilesystemLabel: once,
    initialFilesystemType: once,
    snapshotId: once,
    tags: { type: "list", unordered: true, replaces: "this stand-in does not tag volumes afterwards" },
  },
  outputs: { dropletIds: {}, filesystemLabel: {}, volumeUrn: {} },
  furtherChanges: (_client, state, inputs) =>
    // A volume can grow, never shrink.
    Promise.resolve<Record<string, "replace">>(
      Number(inputs["size"]) < Number(state["size"]) ? { size: "replace" } : {},
    ),
  create: async (client, inputs) => {
    const body = {
      name: inputs["name"],
      region: inputs["region"],
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
  update: async (client, id, _state, inputs, { signal }) => {
    const change = { type: "resize", size_gigabytes: inputs["size"], region: inputs["region"] };
    await runAction(client, `volumes/${id}`, change, signal);
    return (await read(client, id))?.outputs ?? {};
  },
  delete: (client, id) => client.remove(`/v2/volumes/${id}`),
};

const anotherAttachment = "another droplet or volume is another attachment";

async function isAttached(client: DigitalOceanClient, state: Properties): Promise<boolean> {
  const found = await read(client, text(state["volumeId"]));
  const droplets = found?.outputs["dropletIds"];
  return Array.isArray(droplets) && droplets.map(text).includes(text(state["dropletId"]));
}

export const volumeAttachment: ResourceType<DigitalOceanClient> = {
  inputs: {
    dropletId: { type: "number", required: true, replaces: anotherAttachment },
    volumeId: { type: "string", required: true, replaces: anotherAttachment },
  },
  outputs: {},
  create: async (client, inputs, { signal }) => {
    const { dropletId, volumeId } = inputs;
    if (!(await isAttached(client, inputs)))
      await runAction(client, `volumes/${text(volumeId)}`, { type: "attach", droplet_id: dropletId }, signal);
    return { id: `${text(dropletId)}-${text(volumeId)}`, outputs: {} };
  },
  read: async (client, _id, state) => {
    if (Object.keys(state).length === 0) throw new Error("a volume's attachment cannot be imported");
    return (await isAttached(client, state)) ? { outputs: {} } : undefined;
  },
  delete: async (client, _id, state, { signal }) => {
    if (!(await isAttached(client, state))) return;
    const change = { type: "detach", droplet_id: state["dropletId"] };
    await runAction(client, `volumes/${text(state["volumeId"])}`, change, signal);
  },
};
