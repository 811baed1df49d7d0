import { poll } from "../../../../../providers/engine/poll.ts";
import { IncompleteResourceError } from "../../../../../providers/engine/resource-type.ts";
import type { InputProperty, ResourceType } from "../../../../../providers/engine/resource-type.ts";
import { text } from "../../../../../providers/engine/values.ts";
import type { Properties, Value } from "../../../../../providers/engine/values.ts";
import { part } from "../client.ts";
import type { DigitalOceanClient } from "../client.ts";
import { notTag } from "../problems.ts";
import { lowerCase } from "../resource-tags.ts";
import { findCertificate } from "./certificate.ts";
import { balancerFailures } from "./load-balancer-check.ts";
import {
  balancerOutputs,
  balancerRequest,
  comparableRules,
  filledHealthCheck,
  maps,
} from "./load-balancer-properties.ts";

const flag: InputProperty = { type: "boolean", stateDefault: false };
const placed = "a load balancer cannot be moved";
const oneOf =
  (...values: string[]) =>
  (value: Value) =>
    values.includes(text(value).toUpperCase()) ? undefined : `has to be one of ${values.join(", ")}`;

/** The body of a request, with the ids of the certificates that the program names. */
async function request(client: DigitalOceanClient, inputs: Properties, state: Properties) {
  const ids = new Map<string, string>();
  for (const rule of maps(inputs["forwardingRules"])) {
    const name = text(rule["certificateName"]) || text(rule["certificateId"]);
    if (name === "" || ids.has(name)) continue;
    const found = await findCertificate(client, name);
    // An id counts too, when there is no certificate of that name.
    ids.set(name, found === undefined ? name : text(found["id"]));
  }
  return balancerRequest(inputs, state, (name) => ids.get(name) ?? name);
}

async function outputs(client: DigitalOceanClient, balancer: Properties): Promise<Properties> {
  const names = new Map<string, string>();
  for (const { certificate_id: id } of maps(balancer["forwarding_rules"])) {
    if (text(id) === "" || names.has(text(id))) continue;
    const found = part(await client.request("GET", `/v2/certificates/${text(id)}`), "certificate");
    names.set(text(id), text(found["name"]));
  }
  return balancerOutputs(balancer, (id) => names.get(id));
}

async function find(client: DigitalOceanClient, id: string): Promise<Properties | undefined> {
  const answer = await client.find(`/v2/load_balancers/${id}`);
  return answer && part(answer, "load_balancer");
}

async function active(client: DigitalOceanClient, id: string, signal: AbortSignal): Promise<Properties> {
  const what = `load balancer ${id} to become active`;
  const look = async () => {
    const found = await find(client, id);
    if (found?.["status"] === "new") return undefined;
    if (found?.["status"] === "active") return found;
    throw new Error(`waiting for ${what}: its status is ${text(found?.["status"]) || "gone"}`);
  };
  return poll(what, look, signal);
}

export const loadBalancer: ResourceType<DigitalOceanClient> = {
  inputs: {
    name: { type: "string", default: "generated" },
    region: { type: "string", replaces: placed, comparable: lowerCase },
    size: { type: "string" },
    sizeUnit: { type: "number", computed: true },
    algorithm: { type: "string", default: "round_robin" },
    forwardingRules: { type: "list", unordered: true, comparable: comparableRules },
    healthcheck: { type: "map", computed: true, comparable: filledHealthCheck },
    stickySessions: { type: "map", computed: true },
    firewall: { type: "map", computed: true },
    dropletIds: { type: "list", unordered: true, computed: true },
    dropletTag: { type: "string", comparable: lowerCase, problem: notTag },
    redirectHttpToHttps: flag,
    enableProxyProtocol: flag,
    enableBackendKeepalive: flag,
    disableLetsEncryptDnsRecords: flag,
    httpIdleTimeoutSeconds: { type: "number", computed: true },
    projectId: { type: "string", computed: true },
    vpcUuid: { type: "string", computed: true, replaces: placed },
    type: {
      type: "string",
      computed: true,
      replaces: "each type is another product",
      problem: oneOf("REGIONAL", "GLOBAL", "REGIONAL_NETWORK"),
    },
    // The official plugin does not read these three, so a state has what the program said.
    network: { type: "string", replaces: placed, problem: oneOf("EXTERNAL", "INTERNAL") },
    networkStack: {
      type: "string",
      replaces: "addresses are given at the creation",
      problem: oneOf("IPV4", "DUALSTACK"),
    },
    tlsCipherPolicy: { type: "string", problem: oneOf("DEFAULT", "STRONG") },
  },
  outputs: { ip: {}, ipv6: {}, loadBalancerUrn: {}, status: {} },
  defaultTimeout: 600,
  check: balancerFailures,
  create: async (client, inputs, { signal }) => {
    const body = await request(client, inputs, {});
    const created = part(await client.request("POST", "/v2/load_balancers", body), "load_balancer");
    const id = text(created["id"]);
    try {
      return { id, outputs: await outputs(client, await active(client, id, signal)) };
    } catch (error) {
      throw new IncompleteResourceError((error as Error).message, id, await outputs(client, created));
    }
  },
  read: async (client, id) => {
    const found = await find(client, id);
    return found && { outputs: await outputs(client, found) };
  },
  update: async (client, id, state, inputs) => {
    const body = await request(client, inputs, state);
    const changed = await client.request("PUT", `/v2/load_balancers/${id}`, body);
    return await outputs(client, part(changed, "load_balancer"));
  },
  delete: (client, id) => client.remove(`/v2/load_balancers/${id}`),
};
