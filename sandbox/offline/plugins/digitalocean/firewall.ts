import type { CheckFailure, ResourceType } from "../../../../providers/engine/resource-type.ts";
import { isMap, text, withoutAbsent } from "../../../../providers/engine/values.ts";
import type { Properties, Value } from "../../../../providers/engine/values.ts";
import { part } from "./client.ts";
import type { DigitalOceanClient } from "./client.ts";
import { notTag, ofElements } from "./problems.ts";

/** Of each direction: the input, the API's list and peers, and what the input's peer properties begin with. */
const directions = [
  { input: "inboundRules", list: "inbound_rules", peers: "sources", prefix: "source" },
  { input: "outboundRules", list: "outbound_rules", peers: "destinations", prefix: "destination" },
] as const;

const peerKinds: [string, string][] = [
  ["Addresses", "addresses"],
  ["DropletIds", "droplet_ids"],
  ["KubernetesIds", "kubernetes_ids"],
  ["LoadBalancerUids", "load_balancer_uids"],
  ["Tags", "tags"],
];

const maps = (value: Value) => (Array.isArray(value) ? value.filter(isMap) : []);

function request(inputs: Properties): Properties {
  const body: Properties = {
    name: inputs["name"],
    droplet_ids: inputs["dropletIds"] ?? [],
    tags: inputs["tags"] ?? [],
  };
  for (const { input, list, peers, prefix } of directions) {
    body[list] = maps(inputs[input]).map((rule) => ({
      protocol: rule["protocol"],
      ...withoutAbsent({ ports: rule["portRange"] }),
      [peers]: withoutAbsent(
        Object.fromEntries(peerKinds.map(([property, field]) => [field, rule[prefix + property]])),
      ),
    }));
  }
  return body;
}

/** The API says `0` for all ports, and for icmp, which has none. */
function portRange(rule: Properties): Value {
  if (rule["ports"] !== "0") return rule["ports"];
  return rule["protocol"] === "icmp" ? undefined : "all";
}

function outputs(firewall: Properties): Properties {
  const rules: Properties = {};
  for (const { input, list, peers, prefix } of directions) {
    rules[input] = maps(firewall[list]).map((rule) => {
      const given = isMap(rule[peers]) ? rule[peers] : {};
      const named = peerKinds.map(([property, field]) => [prefix + property, given[field]] as const);
      const filled = named.filter(([, value]) => Array.isArray(value) && value.length > 0);
      const ports = withoutAbsent({ portRange: portRange(rule) });
      return { protocol: rule["protocol"], ...ports, ...Object.fromEntries(filled) };
    });
  }
  return {
    ...rules,
    name: firewall["name"],
    dropletIds: firewall["droplet_ids"] ?? [],
    tags: firewall["tags"] ?? [],
    status: firewall["status"],
    createdAt: firewall["created_at"],
    pendingChanges: maps(firewall["pending_changes"]).map((change) => ({
      dropletId: change["droplet_id"],
      removing: change["removing"],
      status: change["status"],
    })),
  };
}

function ruleFailures(inputs: Properties): CheckFailure[] {
  const failures: CheckFailure[] = [];
  if (maps(inputs["inboundRules"]).length + maps(inputs["outboundRules"]).length === 0)
    failures.push({ property: "inboundRules", reason: "at least one rule must be specified" });
  for (const { input, prefix } of directions) {
    for (const [index, rule] of maps(inputs[input]).entries()) {
      const at = `${input}[${index}]`;
      if (!["tcp", "udp", "icmp"].includes(text(rule["protocol"])))
        failures.push({ property: `${at}.protocol`, reason: "has to be one of tcp, udp and icmp" });
      if (rule["portRange"] === "")
        failures.push({ property: `${at}.portRange`, reason: "must not be empty" });
      const addresses = rule[`${prefix}Addresses`];
      if (Array.isArray(addresses) && addresses.includes(""))
        failures.push({ property: `${at}.${prefix}Addresses`, reason: "must not have an empty element" });
      if (["tcp", "udp"].includes(text(rule["protocol"])) && (rule["portRange"] ?? null) === null)
        failures.push({ property: `${at}.portRange`, reason: "is required for tcp and udp" });
    }
  }
  return failures;
}

async function read(client: DigitalOceanClient, id: string) {
  const answer = await client.find(`/v2/firewalls/${id}`);
  return answer && { outputs: outputs(part(answer, "firewall")) };
}

async function existing(client: DigitalOceanClient, id: string): Promise<Properties> {
  const found = await read(client, id);
  if (found === undefined) throw new Error(`firewall ${id} is gone`);
  return found.outputs;
}

export const firewall: ResourceType<DigitalOceanClient> = {
  inputs: {
    name: { type: "string", default: "generated" },
    dropletIds: { type: "list", unordered: true },
    inboundRules: { type: "list", unordered: true },
    outboundRules: { type: "list", unordered: true },
    tags: { type: "list", unordered: true, problem: ofElements(notTag) },
  },
  outputs: { createdAt: {}, pendingChanges: { changesOnUpdate: true }, status: { changesOnUpdate: true } },
  check: ruleFailures,
  create: async (client, inputs) => {
    const created = part(await client.request("POST", "/v2/firewalls", request(inputs)), "firewall");
    const id = text(created["id"]);
    return { id, outputs: await existing(client, id) };
  },
  read,
  update: async (client, id, _state, inputs) => {
    await client.request("PUT", `/v2/firewalls/${id}`, request(inputs));
    return await existing(client, id);
  },
  delete: (client, id) => client.remove(`/v2/firewalls/${id}`),
};
