import type { CheckFailure, ResourceType } from "../../../../../providers/engine/resource-type.ts";
import { isEmpty, text } from "../../../../../providers/engine/values.ts";
import type { Properties, Value } from "../../../../../providers/engine/values.ts";
import { part } from "../client.ts";
import type { DigitalOceanClient } from "../client.ts";
import { emptyText } from "../problems.ts";

const types = ["A", "AAAA", "CAA", "CNAME", "MX", "NS", "TXT", "SRV", "SOA"];
/** To whose data the API gives no dot at its end, though it demands one. */
const naming = ["CNAME", "MX", "NS", "SRV", "CAA"];

const within = (least: number, most: number) => (value: Value) =>
  Number.isInteger(value) && Number(value) >= least && Number(value) <= most
    ? undefined
    : `has to be a whole number from ${least} to ${most}`;
const oneOf = (values: readonly string[]) => (value: Value) =>
  values.includes(text(value)) ? undefined : `has to be one of ${values.join(", ")}`;
const number = within(0, 65_535);

/** A name with the domain at its end is the name before it: so the API shortens names, and completes data. */
function relative(value: Value, { domain }: Properties): Value {
  const suffix = `${text(domain)}.`;
  const given = text(value);
  if (given === suffix) return "@";
  return given.endsWith(`.${suffix}`) ? given.slice(0, -suffix.length - 1) : value;
}

function outputs(record: Properties, domain: string): Properties {
  const { name, type, data, tag } = record;
  const dotted = naming.includes(text(type)) && data !== "@" && tag !== "iodef";
  return {
    domain,
    name,
    type,
    value: dotted ? `${text(data)}.` : data,
    port: record["port"] ?? 0,
    priority: record["priority"] ?? 0,
    ttl: record["ttl"],
    weight: record["weight"] ?? 0,
    flags: record["flags"] ?? 0,
    tag: tag ?? "",
    fqdn: name === "@" ? domain : `${text(name)}.${domain}`,
  };
}

/** What the official plugin sends: numbers that are not given as 0. */
function request(inputs: Properties, ttl: Value): Properties {
  return {
    name: inputs["name"],
    data: inputs["value"],
    port: inputs["port"] ?? 0,
    priority: inputs["priority"] ?? 0,
    weight: inputs["weight"] ?? 0,
    flags: inputs["flags"] ?? 0,
    ...(isEmpty(ttl) ? {} : { ttl }),
    ...(isEmpty(inputs["tag"]) ? {} : { tag: inputs["tag"] }),
  };
}

const required: Readonly<Record<string, readonly string[]>> = {
  MX: ["priority"],
  SRV: ["priority", "weight", "port"],
  CAA: ["flags", "tag"],
};

function missing(inputs: Properties): CheckFailure[] {
  const type = text(inputs["type"]);
  return (required[type] ?? [])
    .filter((property) => (inputs[property] ?? null) === null)
    .map((property) => ({ property, reason: `is required for records of the type ${type}` }));
}

const path = (domain: Value, id = "") => `/v2/domains/${text(domain)}/records${id && `/${id}`}`;
const another = "a record belongs to its domain and has one type";

export const dnsRecord: ResourceType<DigitalOceanClient> = {
  inputs: {
    domain: { type: "string", required: true, replaces: another, problem: emptyText },
    type: { type: "string", required: true, replaces: another, problem: oneOf(types) },
    name: { type: "string", default: "generated", comparable: relative, problem: emptyText },
    value: { type: "string", required: true, comparable: relative },
    ttl: { type: "number", computed: true, problem: within(1, 2 ** 31 - 1) },
    port: { type: "number", problem: number },
    priority: { type: "number", problem: number },
    weight: { type: "number", problem: number },
    flags: { type: "number", problem: within(0, 255) },
    tag: { type: "string", problem: oneOf(["issue", "issuewild", "iodef"]) },
  },
  outputs: { fqdn: {} },
  check: missing,
  create: async (client, inputs) => {
    const body = { ...request(inputs, inputs["ttl"]), type: inputs["type"] };
    const created = part(await client.request("POST", path(inputs["domain"]), body), "domain_record");
    return { id: text(created["id"]), outputs: outputs(created, text(inputs["domain"])) };
  },
  read: async (client, id, state) => {
    const importing = Object.keys(state).length === 0;
    const [domain = "", record = ""] = importing ? id.split(",") : [text(state["domain"]), id];
    if (record === "") throw new Error("import a DNS record by DOMAIN,RECORD_ID");
    const answer = await client.find(path(domain, record));
    return answer && { id: record, outputs: outputs(part(answer, "domain_record"), domain) };
  },
  update: async (client, id, state, inputs) => {
    const body = request(inputs, inputs["ttl"] ?? state["ttl"]);
    const changed = await client.request("PUT", path(inputs["domain"], id), body);
    return outputs(part(changed, "domain_record"), text(inputs["domain"]));
  },
  delete: (client, id, state) => client.remove(path(state["domain"], id)),
};
