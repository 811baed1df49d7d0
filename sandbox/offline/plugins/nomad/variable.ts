import type { ResourceType } from "../../../../providers/engine/resource-type.ts";
import { isMap, text } from "../../../../providers/engine/values.ts";
import type { Properties, Value } from "../../../../providers/engine/values.ts";
import type { NomadClient } from "./client.ts";

const path = (name: Value) => `/v1/var/${text(name)}`;

async function write(client: NomadClient, inputs: Properties): Promise<void> {
  const { path: name, namespace } = inputs;
  const items = inputs["items"] ?? (JSON.parse(text(inputs["itemsWo"])) as Value);
  const body = { Path: name, Namespace: namespace, Items: items };
  await client.request("PUT", path(name), { namespace: text(namespace), body });
}

export const variable: ResourceType<NomadClient> = {
  inputs: {
    path: {
      type: "string",
      required: true,
      replaces: "a variable is its path",
      problem: (value) =>
        /^[a-zA-Z0-9\-_~/]{1,128}$/.test(text(value))
          ? undefined
          : "has to be 1 to 128 characters of A-Z, a-z, 0-9, -, _, ~ and /",
    },
    namespace: { type: "string", default: "default", replaces: "a variable cannot be moved" },
    items: { type: "map", secret: true },
    itemsWo: { type: "string", secret: true, comparable: () => "compared by its version" },
    itemsWoVersion: { type: "number" },
  },
  outputs: {},
  check: ({ items, itemsWo, itemsWoVersion }) => {
    if ((items === undefined) === (itemsWo === undefined))
      return [{ property: "items", reason: "give exactly one of items and itemsWo" }];
    if ((itemsWo === undefined) !== (itemsWoVersion === undefined))
      return [{ property: "itemsWoVersion", reason: "itemsWo and itemsWoVersion go together" }];
    return [];
  },
  create: async (client, inputs) => {
    await write(client, inputs);
    return { id: `${text(inputs["path"])}@${text(inputs["namespace"])}`, outputs: {} };
  },
  read: async (client, id, state) => {
    const at = id.lastIndexOf("@");
    const [name, namespace] = at < 0 ? [id, "default"] : [id.slice(0, at), id.slice(at + 1)];
    const found = await client.find(path(name), { namespace });
    if (found === undefined) return undefined;
    const items = state["itemsWo"] === undefined && isMap(found["Items"]) ? { items: found["Items"] } : {};
    return { id: `${name}@${namespace}`, outputs: { path: name, namespace, ...items } };
  },
  update: async (client, _id, _state, inputs) => {
    await write(client, inputs);
    return {};
  },
  delete: (client, _id, state) => client.remove(path(state["path"]), { namespace: text(state["namespace"]) }),
};
