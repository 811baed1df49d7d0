import type { ResourceType } from "../../../../providers/engine/resource-type.ts";
import { isMap, text, withoutAbsent } from "../../../../providers/engine/values.ts";
import type { Properties, Value } from "../../../../providers/engine/values.ts";
import type { NomadClient } from "./client.ts";

const policyPath = (name: Value) => `/v1/acl/policy/${encodeURIComponent(text(name))}`;
const jobAclFields = { namespace: "Namespace", jobId: "JobID", group: "Group", task: "Task" };

async function writePolicy(client: NomadClient, inputs: Properties): Promise<void> {
  const jobAcl = inputs["jobAcl"];
  const named = Object.entries(jobAclFields).map(([property, field]) => [
    field,
    isMap(jobAcl) ? jobAcl[property] : undefined,
  ]);
  const body = {
    Name: inputs["name"],
    Description: inputs["description"] ?? "",
    Rules: inputs["rulesHcl"],
    ...(isMap(jobAcl) ? { JobACL: withoutAbsent(Object.fromEntries(named) as Properties) } : {}),
  };
  await client.request("PUT", policyPath(inputs["name"]), { body });
}

export const aclPolicy: ResourceType<NomadClient> = {
  inputs: {
    name: { type: "string", default: "generated", replaces: "a policy is its name" },
    rulesHcl: { type: "string", required: true },
    description: { type: "string" },
    jobAcl: { type: "map" },
  },
  outputs: {},
  create: async (client, inputs) => {
    await writePolicy(client, inputs);
    return { id: text(inputs["name"]), outputs: {} };
  },
  read: async (client, id) => {
    const found = await client.find(policyPath(id));
    if (found === undefined) return undefined;
    const jobAcl = found["JobACL"];
    const named = Object.entries(jobAclFields).map(([property, field]) => [
      property,
      isMap(jobAcl) ? jobAcl[field] : undefined,
    ]);
    return {
      outputs: {
        name: found["Name"],
        description: found["Description"] ?? "",
        rulesHcl: found["Rules"],
        ...(isMap(jobAcl) ? { jobAcl: Object.fromEntries(named) as Properties } : {}),
      },
    };
  },
  update: async (client, _id, _state, inputs) => {
    await writePolicy(client, inputs);
    return {};
  },
  delete: (client, id) => client.remove(policyPath(id)),
};

const units: Record<string, number> = { h: 3_600e9, m: 60e9, s: 1e9, ms: 1e6, us: 1e3, ns: 1 };

/** A duration such as `1h30m` in nanoseconds; undefined when it is none. */
function nanoseconds(duration: string): number | undefined {
  if (!/^(\d+(\.\d+)?(h|ms|m|s|us|ns))+$/.test(duration)) return undefined;
  const parts = duration.matchAll(/(\d+(?:\.\d+)?)(h|ms|m|s|us|ns)/g);
  return [...parts].reduce((sum, [, count, unit]) => sum + Number(count) * (units[unit ?? ""] ?? 0), 0);
}

const roles = (value: Value, from: string, to: string): Value[] =>
  (Array.isArray(value) ? value.filter(isMap) : []).map((role) => ({ [to]: role[from] }));

function tokenRequest(inputs: Properties): Properties {
  return {
    Name: inputs["name"] ?? "",
    Type: inputs["type"],
    Policies: inputs["policies"] ?? [],
    Roles: roles(inputs["roles"], "id", "ID"),
    Global: inputs["global"],
    ...((nanoseconds(text(inputs["expirationTtl"])) ?? 0) === 0
      ? {}
      : { ExpirationTTL: nanoseconds(text(inputs["expirationTtl"])) }),
  };
}

function tokenOutputs(token: Properties): Properties {
  return {
    accessorId: token["AccessorID"],
    secretId: token["SecretID"],
    name: token["Name"] ?? "",
    type: token["Type"],
    policies: token["Policies"] ?? [],
    roles: (Array.isArray(token["Roles"]) ? token["Roles"].filter(isMap) : []).map((role) => ({
      id: role["ID"],
      name: role["Name"],
    })),
    global: token["Global"] ?? false,
    createTime: text(token["CreateTime"]),
    expirationTime: text(token["ExpirationTime"]),
  };
}

export const aclToken: ResourceType<NomadClient> = {
  inputs: {
    type: {
      type: "string",
      required: true,
      problem: (value) =>
        ["client", "management"].includes(text(value)) ? undefined : "has to be client or management",
    },
    name: { type: "string", default: "generated" },
    policies: { type: "list", unordered: true },
    roles: { type: "list", unordered: true, comparable: (value) => roles(value, "id", "id") },
    global: { type: "boolean", stateDefault: false, replaces: "whether a token is global cannot change" },
    expirationTtl: {
      type: "string",
      default: "0s",
      replaces: "a token's end is fixed when it is made",
      comparable: (value) => nanoseconds(text(value)),
      problem: (value) =>
        nanoseconds(text(value)) === undefined ? "has to be a duration such as 1h0m0s" : undefined,
    },
  },
  outputs: { accessorId: {}, secretId: { secret: true }, createTime: {}, expirationTime: {} },
  check: ({ type, policies, roles: given }) => {
    const count = [policies, given].flatMap((list) => (Array.isArray(list) ? list : [])).length;
    if (type === "management" && count > 0)
      return [{ property: "policies", reason: "a management token has neither policies nor roles" }];
    if (type === "client" && count === 0)
      return [{ property: "policies", reason: "a client token needs a policy or a role" }];
    return [];
  },
  create: async (client, inputs) => {
    const created = await client.request("PUT", "/v1/acl/token", { body: tokenRequest(inputs) });
    return { id: text(created["AccessorID"]), outputs: tokenOutputs(created) };
  },
  read: async (client, id) => {
    const found = await client.find(`/v1/acl/token/${id}`);
    return found && { outputs: tokenOutputs(found) };
  },
  update: async (client, id, _state, inputs) => {
    const body = { ...tokenRequest(inputs), AccessorID: id };
    return tokenOutputs(await client.request("PUT", `/v1/acl/token/${id}`, { body }));
  },
  delete: (client, id) => client.remove(`/v1/acl/token/${id}`),
};
