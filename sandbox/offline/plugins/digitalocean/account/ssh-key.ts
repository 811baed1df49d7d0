import type { ResourceType } from "../../../../../providers/engine/resource-type.ts";
import { text } from "../../../../../providers/engine/values.ts";
import type { Properties, Value } from "../../../../../providers/engine/values.ts";
import { part } from "../client.ts";
import type { DigitalOceanClient } from "../client.ts";
import { emptyText } from "../problems.ts";

const trimmed = (value: Value) => text(value).trim();

function keyOutputs(answer: Properties): Properties {
  const key = part(answer, "ssh_key");
  return { name: key["name"], fingerprint: key["fingerprint"], publicKey: key["public_key"] };
}

export const sshKey: ResourceType<DigitalOceanClient> = {
  inputs: {
    name: { type: "string", default: "generated", problem: emptyText },
    publicKey: {
      type: "string",
      required: true,
      replaces: "the API changes a key's name only",
      comparable: trimmed,
      problem: emptyText,
    },
  },
  outputs: { fingerprint: {} },
  create: async (client, inputs) => {
    const body = { name: inputs["name"], public_key: inputs["publicKey"] };
    const created = await client.request("POST", "/v2/account/keys", body);
    return { id: text(part(created, "ssh_key")["id"]), outputs: keyOutputs(created) };
  },
  read: async (client, id) => {
    const found = await client.find(`/v2/account/keys/${id}`);
    return found && { outputs: keyOutputs(found) };
  },
  update: async (client, id, _state, inputs) =>
    keyOutputs(await client.request("PUT", `/v2/account/keys/${id}`, { name: inputs["name"] })),
  // The official plugin fails too if there is none.
  delete: async (client, id) => {
    await client.request("DELETE", `/v2/account/keys/${id}`);
  },
};
