import { randomUUID } from "node:crypto";
import { IncompleteResourceError } from "../../../../providers/engine/resource-type.ts";
import type { ResourceType } from "../../../../providers/engine/resource-type.ts";
import { isEmpty, isMap, text } from "../../../../providers/engine/values.ts";
import type { Properties, Value } from "../../../../providers/engine/values.ts";
import { runAction, waitForIdleDroplet } from "./actions.ts";
import { ApiError, part } from "./client.ts";
import type { DigitalOceanClient } from "./client.ts";
import { notIpv4, zero } from "./problems.ts";

const field = (value: Value, key: string): Value => (isMap(value) ? value[key] : undefined);

async function find(client: DigitalOceanClient, address: string): Promise<Properties | undefined> {
  const answer = await client.find(`/v2/reserved_ips/${address}`);
  return answer && part(answer, "reserved_ip");
}

async function assign(client: DigitalOceanClient, address: string, droplet: string, signal: AbortSignal) {
  await waitForIdleDroplet(client, droplet, signal);
  await runAction(client, `reserved_ips/${address}`, { type: "assign", droplet_id: Number(droplet) }, signal);
}

const unassign = (client: DigitalOceanClient, address: string, signal: AbortSignal) =>
  runAction(client, `reserved_ips/${address}`, { type: "unassign" }, signal);

function outputs(found: Properties, managesDroplet: boolean): Properties {
  const address = text(found["ip"]);
  const droplet = managesDroplet ? field(found["droplet"], "id") : undefined;
  return {
    ipAddress: address,
    region: field(found["region"], "slug"),
    reservedIpUrn: `do:reservedip:${address}`,
    ...(droplet === undefined ? {} : { dropletId: droplet }),
  };
}

export const reservedIp: ResourceType<DigitalOceanClient> = {
  inputs: {
    region: {
      type: "string",
      required: true,
      replaces: "an address belongs to a region",
      comparable: (value) => text(value).toLowerCase(),
    },
    dropletId: { type: "number" },
    ipAddress: { type: "string", computed: true },
  },
  outputs: { reservedIpUrn: {} },
  create: async (client, inputs, { signal }) => {
    const body = { region: inputs["region"] };
    const created = part(await client.request("POST", "/v2/reserved_ips", body), "reserved_ip");
    const id = text(created["ip"]);
    try {
      if (inputs["dropletId"] !== undefined) await assign(client, id, text(inputs["dropletId"]), signal);
      return { id, outputs: outputs((await find(client, id)) ?? created, inputs["dropletId"] !== undefined) };
    } catch (error) {
      throw new IncompleteResourceError((error as Error).message, id, outputs(created, false));
    }
  },
  read: async (client, id, state) => {
    const found = await find(client, id);
    // An assignment made by ReservedIpAssignment is not this resource's.
    const managesDroplet = Object.keys(state).length === 0 || !isEmpty(state["dropletId"]);
    return found && { outputs: outputs(found, managesDroplet) };
  },
  update: async (client, id, state, inputs, { signal }) => {
    if (inputs["dropletId"] !== undefined) await assign(client, id, text(inputs["dropletId"]), signal);
    else if (!isEmpty(state["dropletId"])) await unassign(client, id, signal);
    return outputs((await find(client, id)) ?? {}, inputs["dropletId"] !== undefined);
  },
  delete: async (client, id, state, { signal }) => {
    if (!isEmpty(state["dropletId"])) {
      try {
        await unassign(client, id, signal);
      } catch (error) {
        // 422: it is not assigned any more.
        if (!(error instanceof ApiError && [404, 422].includes(error.status))) throw error;
      }
    }
    await client.remove(`/v2/reserved_ips/${id}`);
  },
};

const anotherAssignment = "another droplet or address is another assignment";

export const reservedIpAssignment: ResourceType<DigitalOceanClient> = {
  inputs: {
    dropletId: { type: "number", required: true, replaces: anotherAssignment, problem: zero },
    ipAddress: { type: "string", required: true, replaces: anotherAssignment, problem: notIpv4 },
  },
  outputs: {},
  create: async (client, inputs, { signal }) => {
    const [address, droplet] = [text(inputs["ipAddress"]), text(inputs["dropletId"])];
    await assign(client, address, droplet, signal);
    return { id: `${droplet}-${address}-${randomUUID()}`, outputs: {} };
  },
  read: async (client, id, state) => {
    const importing = Object.keys(state).length === 0;
    const [address = "", droplet = ""] = importing
      ? id.split(",")
      : [text(state["ipAddress"]), text(state["dropletId"])];
    if (droplet === "") throw new Error("import a reserved IP's assignment by IP_ADDRESS,DROPLET_ID");
    const found = await find(client, address);
    if (text(field(found?.["droplet"], "id")) !== droplet) return undefined;
    return {
      id: importing ? `${droplet}-${address}-${randomUUID()}` : id,
      outputs: { ipAddress: address, dropletId: Number(droplet) },
    };
  },
  delete: async (client, _id, state, { signal }) => {
    const address = text(state["ipAddress"]);
    const found = await find(client, address);
    // The official plugin crashes there (measured with 4.80).
    if (!field(found?.["droplet"], "id"))
      throw new Error(
        `reserved IP ${address} is assigned to no droplet, so there is nothing to delete: refresh`,
      );
    if (text(field(found?.["droplet"], "id")) === text(state["dropletId"]))
      await unassign(client, address, signal);
  },
};
