import { createHash } from "node:crypto";
import { poll } from "../engine/poll.ts";
import { IncompleteResourceError } from "../engine/resource-type.ts";
import type { InputProperty, ResourceType } from "../engine/resource-type.ts";
import { sameValue, text } from "../engine/values.ts";
import type { Properties, Value } from "../engine/values.ts";
import { runAction } from "./actions.ts";
import { part } from "./client.ts";
import type { DigitalOceanClient } from "./client.ts";
import { emptyText, notTag, ofElements } from "./problems.ts";
import { dropletImage, dropletOutputs } from "./droplet-properties.ts";

const booted = "it is read only when the droplet first boots";
const placed = "a droplet cannot be moved";
const flag: InputProperty = { type: "boolean", stateDefault: false };
const lowerCase = (value: Value) => text(value).toLowerCase();
/** The state keeps the SHA-1 of user data only; a text of that form is one already. */
const hash = (value: Value) => {
  const given = text(value);
  return given === "" || /^[0-9a-f]{40}$/.test(given)
    ? given
    : createHash("sha1").update(given).digest("hex");
};
const tags = (value: Value) => (Array.isArray(value) ? value.map(lowerCase).sort() : []);

async function find(client: DigitalOceanClient, id: string): Promise<Properties | undefined> {
  const answer = await client.find(`/v2/droplets/${id}`);
  return answer && part(answer, "droplet");
}

/** Waits until the droplet's property has a value; a droplet that is not there yet or any more is looked for again. */
async function waitFor(
  client: DigitalOceanClient,
  id: string,
  property: string,
  value: Value,
  signal: AbortSignal,
) {
  const look = async () => {
    const droplet = await find(client, id);
    if (droplet === undefined || droplet[property] !== value) return undefined;
    return property === "locked" || droplet["locked"] !== true ? droplet : undefined;
  };
  return await poll(`droplet ${id} to have ${property} ${text(value)}`, look, signal);
}

/** Every size change powers the droplet off. */
async function resize(client: DigitalOceanClient, id: string, inputs: Properties, signal: AbortSignal) {
  const droplet = `droplets/${id}`;
  await client.request("POST", `/v2/${droplet}/actions`, { type: "power_off" });
  await waitFor(client, id, "status", "off", signal);
  try {
    const change = { type: "resize", size: inputs["size"], disk: inputs["resizeDisk"] };
    await runAction(client, droplet, change, signal);
  } finally {
    await client.request("POST", `/v2/${droplet}/actions`, { type: "power_on" });
    await waitFor(client, id, "status", "active", signal);
  }
}

async function changeTags(client: DigitalOceanClient, id: string, old: string[], next: string[]) {
  const resources = { resources: [{ resource_id: id, resource_type: "droplet" }] };
  for (const tag of old.filter((name) => !next.includes(name)))
    await client.request("DELETE", `/v2/tags/${encodeURIComponent(tag)}/resources`, resources);
  for (const tag of next.filter((name) => !old.includes(name))) {
    await client.request("POST", "/v2/tags", { name: tag });
    await client.request("POST", `/v2/tags/${encodeURIComponent(tag)}/resources`, resources);
  }
}

async function changeVolumes(
  client: DigitalOceanClient,
  id: string,
  old: Value,
  next: Value,
  signal: AbortSignal,
) {
  const before = (Array.isArray(old) ? old : []).map(text);
  const after = (Array.isArray(next) ? next : []).map(text);
  for (const volume of before.filter((item) => !after.includes(item)))
    await runAction(client, `volumes/${volume}`, { type: "detach", droplet_id: Number(id) }, signal);
  for (const volume of after.filter((item) => !before.includes(item)))
    await runAction(client, `volumes/${volume}`, { type: "attach", droplet_id: Number(id) }, signal);
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
      volumes: inputs["volumeIds"],
      vpc_uuid: inputs["vpcUuid"],
      with_droplet_agent: inputs["dropletAgent"],
      public_networking: inputs["publicNetworking"],
    };
    const created = part(await client.request("POST", "/v2/droplets", body), "droplet");
    const id = text(created["id"]);
    try {
      return { id, outputs: dropletOutputs(await waitFor(client, id, "status", "active", signal)) };
    } catch (error) {
      throw new IncompleteResourceError((error as Error).message, id, dropletOutputs(created));
    }
  },
  read: async (client, id, state) => {
    const found = await find(client, id);
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
      await waitFor(client, id, "name", inputs["name"], signal);
    }
    if (changed("backups"))
      await action({ type: inputs["backups"] === true ? "enable_backups" : "disable_backups" });
    if (changed("ipv6") && inputs["ipv6"] === true) await action({ type: "enable_ipv6" });
    if (changed("tags")) await changeTags(client, id, tags(state["tags"]), tags(inputs["tags"]));
    if (inputs["volumeIds"] !== undefined && changed("volumeIds"))
      await changeVolumes(client, id, state["volumeIds"], inputs["volumeIds"], signal);
    const found = await find(client, id);
    if (found === undefined) throw new Error(`droplet ${id} is gone`);
    return dropletOutputs(found);
  },
  delete: async (client, id, state, { signal }) => {
    const found = await find(client, id);
    if (found === undefined) return;
    if (found["locked"] === true) await waitFor(client, id, "locked", false, signal);
    if (state["gracefulShutdown"] === true) {
      await client.request("POST", `/v2/droplets/${id}/actions`, { type: "shutdown" });
      await waitFor(client, id, "status", "off", signal);
    }
    await changeVolumes(client, id, state["volumeIds"], [], signal);
    await client.remove(`/v2/droplets/${id}`);
    await poll(`droplet ${id} to be gone`, async () => ((await find(client, id)) ? undefined : true), signal);
  },
};
