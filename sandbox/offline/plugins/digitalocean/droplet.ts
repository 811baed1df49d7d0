import { createHash } from "node:crypto";
import { poll } from "../../../../providers/engine/poll.ts";
import { IncompleteResourceError } from "../../../../providers/engine/resource-type.ts";
import type { InputProperty, ResourceType } from "../../../../providers/engine/resource-type.ts";
import { sameValue, text } from "../../../../providers/engine/values.ts";
import type { Properties, Value } from "../../../../providers/engine/values.ts";
import { runAction } from "./actions.ts";
import { part } from "./client.ts";
import type { DigitalOceanClient } from "./client.ts";
import { emptyText, notTag, ofElements } from "./problems.ts";
import { dropletImage, dropletOutputs } from "./droplet-properties.ts";
import { findDroplet, waitForChange, waitForDroplet } from "./droplet-wait.ts";
import { changeTags, lowerCase, tags } from "./resource-tags.ts";
import { moveVolume, volumeIds, volumeMoves } from "./volume-actions.ts";

const booted = "it is read only when the droplet first boots";
const placed = "a droplet cannot be moved";
const flag: InputProperty = { type: "boolean", stateDefault: false };
/** The state keeps the SHA-1 of user data only; a text of that form is one already. */
const hash = (value: Value) => {
  const given = text(value);
  return given === "" || /^[0-9a-f]{40}$/.test(given)
    ? given
    : createHash("sha1").update(given).digest("hex");
};

/** Every size change powers the droplet off. */
async function resize(client: DigitalOceanClient, id: string, inputs: Properties, signal: AbortSignal) {
  const droplet = `droplets/${id}`;
  await client.request("POST", `/v2/${droplet}/actions`, { type: "power_off" });
  await waitForChange(client, id, "status", "off", signal);
  try {
    const change = { type: "resize", size: inputs["size"], disk: inputs["resizeDisk"] };
    await runAction(client, droplet, change, signal);
  } finally {
    await client.request("POST", `/v2/${droplet}/actions`, { type: "power_on" });
    await waitForChange(client, id, "status", "active", signal);
  }
}

async function changeVolumes(
  client: DigitalOceanClient,
  id: string,
  old: Value,
  next: Value,
  signal: AbortSignal,
) {
  for (const { move, volume } of volumeMoves(old, next)) await moveVolume(client, move, volume, id, signal);
}

export const droplet: ResourceType<DigitalOceanClient> = {
  inputs: {
    image: { type: "string", required: true, replaces: booted, problem: emptyText },
    name: { type: "string", default: "generated" },
    region: { type: "string", computed: true, replaces: placed, comparable: lowerCase },
    size: { type: "string", required: true, comparable: lowerCase },
    backups: flag,
    dropletAgent: { type: "boolean", replaces: booted },
    gracefulShutdown: flag,
    ipv6: flag,
    monitoring: { ...flag, replaces: booted },
    publicNetworking: { type: "boolean", computed: true, replaces: placed },
    resizeDisk: { type: "boolean", default: true },
    sshKeys: { type: "list", unordered: true, replaces: booted, problem: ofElements(emptyText) },
    tags: { type: "list", unordered: true, comparable: tags, problem: ofElements(notTag) },
    userData: {
      type: "string",
      replaces: booted,
      kept: hash,
      comparable: hash,
      problem: (value) =>
        emptyText(value) ?? (Buffer.byteLength(text(value)) > 65536 ? "has to be 64 KiB at most" : undefined),
    },
    volumeIds: { type: "list", unordered: true, computed: true },
    vpcUuid: { type: "string", computed: true, replaces: placed },
  },
  outputs: {
    createdAt: {},
    disk: {},
    dropletUrn: {},
    ipv4Address: {},
    ipv4AddressPrivate: {},
    ipv6Address: {},
    locked: {},
    memory: {},
    priceHourly: {},
    priceMonthly: {},
    privateNetworking: {},
    status: {},
    vcpus: {},
  },
  furtherChanges: (_client, state, inputs) =>
    // IPv6 can be switched on, never off.
    Promise.resolve<Record<string, "update" | "replace">>(
      (state["ipv6"] === true) === (inputs["ipv6"] === true)
        ? {}
        : state["ipv6"] === true
          ? { ipv6: "replace" }
          : { ipv6Address: "update" },
    ),
  create: async (client, inputs, { signal }) => {
    const image = text(inputs["image"]);
    const volumes = volumeIds(inputs["volumeIds"]);
    const body: Properties = {
      name: inputs["name"],
      region: inputs["region"],
      size: inputs["size"],
      image: /^\d+$/.test(image) ? Number(image) : image,
      backups: inputs["backups"],
      ipv6: inputs["ipv6"],
      monitoring: inputs["monitoring"],
      ssh_keys: ((inputs["sshKeys"] ?? []) as Value[]).map((key) =>
        /^\d+$/.test(text(key)) ? Number(key) : key,
      ),
      tags: inputs["tags"],
      user_data: inputs["userData"],
      volumes: volumes.length === 0 ? undefined : volumes.map((volume) => ({ id: volume })),
      vpc_uuid: inputs["vpcUuid"],
      with_droplet_agent: inputs["dropletAgent"],
      public_networking: inputs["publicNetworking"],
    };
    const created = part(await client.request("POST", "/v2/droplets", body), "droplet");
    const id = text(created["id"]);
    try {
      const active = { property: "status", value: "active", in: "creation" } as const;
      return { id, outputs: dropletOutputs(await waitForDroplet(client, id, active, signal)) };
    } catch (error) {
      throw new IncompleteResourceError((error as Error).message, id, dropletOutputs(created));
    }
  },
  read: async (client, id, state) => {
    const found = await findDroplet(client, id);
    if (found === undefined) return undefined;
    const outputs = dropletOutputs(found);
    return { outputs: state["image"] === undefined ? { ...outputs, image: dropletImage(found) } : outputs };
  },
  update: async (client, id, state, inputs, { signal }) => {
    const changed = (property: string) => !sameValue(state[property], inputs[property]);
    const action = (body: Properties) => runAction(client, `droplets/${id}`, body, signal);
    if (changed("size")) await resize(client, id, inputs, signal);
    if (changed("name")) {
      await client.request("POST", `/v2/droplets/${id}/actions`, { type: "rename", name: inputs["name"] });
      await waitForChange(client, id, "name", inputs["name"], signal);
    }
    if (changed("backups"))
      await action({ type: inputs["backups"] === true ? "enable_backups" : "disable_backups" });
    if (changed("ipv6") && inputs["ipv6"] === true) await action({ type: "enable_ipv6" });
    if (changed("tags"))
      await changeTags(client, { id, type: "droplet" }, tags(state["tags"]), tags(inputs["tags"]));
    if (inputs["volumeIds"] !== undefined && changed("volumeIds"))
      await changeVolumes(client, id, state["volumeIds"], inputs["volumeIds"], signal);
    const found = await findDroplet(client, id);
    if (found === undefined) throw new Error(`droplet ${id} is gone`);
    return dropletOutputs(found);
  },
  delete: async (client, id, state, { signal }) => {
    // The official plugin fails too if there is none (measured): what Pulumi does not know to be gone has to be refreshed.
    let found = await waitForChange(client, id, "locked", false, signal);
    if (state["gracefulShutdown"] === true) {
      await client.request("POST", `/v2/droplets/${id}/actions`, { type: "shutdown" });
      found = await waitForChange(client, id, "status", "off", signal);
    }
    // Those that the API says, not the state: an attachment of another resource may be gone by now.
    await changeVolumes(client, id, found["volume_ids"], [], signal);
    await client.remove(`/v2/droplets/${id}`);
    await poll(
      `droplet ${id} to be gone`,
      async () => ((await findDroplet(client, id)) ? undefined : true),
      signal,
    );
  },
};
