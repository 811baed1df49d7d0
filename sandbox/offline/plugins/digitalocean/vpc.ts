import { poll } from "../../../../providers/engine/poll.ts";
import type { ResourceType } from "../../../../providers/engine/resource-type.ts";
import { text } from "../../../../providers/engine/values.ts";
import type { Properties } from "../../../../providers/engine/values.ts";
import { ApiError, part } from "./client.ts";
import type { DigitalOceanClient } from "./client.ts";
import { emptyText, notCidr } from "./problems.ts";

/** The time as Go prints it, which the official plugin stores. */
const goTime = (time: string) => time.replace("T", " ").replace("Z", " +0000 UTC");

function vpcOutputs(vpc: Properties): Properties {
  return {
    name: vpc["name"],
    region: vpc["region"],
    description: vpc["description"] ?? "",
    ipRange: vpc["ip_range"],
    vpcUrn: vpc["urn"],
    default: vpc["default"],
    createdAt: goTime(text(vpc["created_at"])),
  };
}

export const vpc: ResourceType<DigitalOceanClient> = {
  inputs: {
    name: { type: "string", default: "generated" },
    region: { type: "string", required: true, replaces: "a network belongs to a region", problem: emptyText },
    description: {
      type: "string",
      problem: (value) => (text(value).length > 255 ? "has to have 255 characters at most" : undefined),
    },
    ipRange: { type: "string", computed: true, replaces: "a network cannot be renumbered", problem: notCidr },
  },
  outputs: { vpcUrn: {}, default: {}, createdAt: {} },
  create: async (client, inputs) => {
    const { name: given, region, description, ipRange } = inputs;
    const body = { name: given, region, description, ip_range: ipRange };
    const created = part(await client.request("POST", "/v2/vpcs", body), "vpc");
    return { id: text(created["id"]), outputs: vpcOutputs(created) };
  },
  read: async (client, id) => {
    const answer = await client.find(`/v2/vpcs/${id}`);
    return answer && { outputs: vpcOutputs(part(answer, "vpc")) };
  },
  update: async (client, id, state, inputs) => {
    const body = {
      name: inputs["name"],
      description: inputs["description"] ?? "",
      default: state["default"],
    };
    return vpcOutputs(part(await client.request("PUT", `/v2/vpcs/${id}`, body), "vpc"));
  },
  delete: async (client, id, _state, { signal }) => {
    // Its members may be on their way out: for two minutes that is no failure.
    const patience = AbortSignal.any([signal, AbortSignal.timeout(120_000)]);
    const remove = async () => {
      try {
        await client.remove(`/v2/vpcs/${id}`);
        return true;
      } catch (error) {
        if (error instanceof ApiError && [403, 409].includes(error.status)) return error;
        throw error;
      }
    };
    const first = await remove();
    if (first === true) return;
    try {
      await poll(
        `VPC ${id} to be empty`,
        async () => ((await remove()) === true ? true : undefined),
        patience,
      );
    } catch (error) {
      throw patience.aborted ? new Error(first.message, { cause: error }) : error;
    }
  },
};
