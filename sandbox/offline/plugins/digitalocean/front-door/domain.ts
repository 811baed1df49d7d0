import type { ResourceType } from "../../../../../providers/engine/resource-type.ts";
import { text, withoutAbsent } from "../../../../../providers/engine/values.ts";
import type { Properties } from "../../../../../providers/engine/values.ts";
import { part } from "../client.ts";
import type { DigitalOceanClient } from "../client.ts";
import { emptyText } from "../problems.ts";

const outputs = (domain: Properties): Properties => ({
  name: domain["name"],
  ttl: domain["ttl"],
  domainUrn: `do:domain:${text(domain["name"])}`,
});

export const domain: ResourceType<DigitalOceanClient> = {
  inputs: {
    name: { type: "string", required: true, replaces: "a domain is its name", problem: emptyText },
    ipAddress: {
      type: "string",
      replaces: "it is used only when the domain is created",
      problem: emptyText,
    },
  },
  outputs: { domainUrn: {}, ttl: {} },
  create: async (client, { name, ipAddress }) => {
    const body = withoutAbsent({ name, ip_address: ipAddress });
    const created = part(await client.request("POST", "/v2/domains", body), "domain");
    return { id: text(created["name"]), outputs: outputs(created) };
  },
  read: async (client, id) => {
    const answer = await client.find(`/v2/domains/${id}`);
    return answer && { outputs: outputs(part(answer, "domain")) };
  },
  // The official plugin takes a domain that is gone for an error.
  delete: async (client, id) => {
    await client.request("DELETE", `/v2/domains/${id}`);
  },
};
