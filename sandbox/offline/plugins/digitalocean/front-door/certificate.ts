import { createHash } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { poll } from "../../../../../providers/engine/poll.ts";
import { IncompleteResourceError } from "../../../../../providers/engine/resource-type.ts";
import type {
  CheckFailure,
  InputProperty,
  ResourceType,
} from "../../../../../providers/engine/resource-type.ts";
import { isEmpty, text, withoutAbsent } from "../../../../../providers/engine/values.ts";
import type { Properties, Value } from "../../../../../providers/engine/values.ts";
import { ApiError, part } from "../client.ts";
import type { DigitalOceanClient } from "../client.ts";
import { emptyText, ofElements } from "../problems.ts";

const issued = "a certificate is never changed";
/** The state keeps the SHA-1 of PEM texts only; a text of that form is one already. */
const hash = (value: Value) => {
  const given = text(value);
  return given === "" || /^[0-9a-f]{40}$/.test(given)
    ? given
    : createHash("sha1").update(given).digest("hex");
};
const pem: InputProperty = {
  type: "string",
  replaces: issued,
  kept: hash,
  comparable: hash,
  problem: emptyText,
};

/** The certificate with a name: its id changes when Let's Encrypt renews it, so the name is what a state keeps. */
export async function findCertificate(
  client: DigitalOceanClient,
  name: string,
): Promise<Properties | undefined> {
  const found = await client.list(`/v2/certificates?name=${encodeURIComponent(name)}`, "certificates");
  return found[0];
}

const outputs = (certificate: Properties): Properties => ({
  name: certificate["name"],
  uuid: certificate["id"],
  type: certificate["type"],
  state: certificate["state"],
  notAfter: certificate["not_after"] ?? "",
  sha1Fingerprint: certificate["sha1_fingerprint"] ?? "",
  domains: certificate["dns_names"] ?? [],
});

async function verified(client: DigitalOceanClient, uuid: string, signal: AbortSignal): Promise<Properties> {
  const what = `certificate ${uuid} to be verified`;
  const look = async () => {
    const found = part(await client.request("GET", `/v2/certificates/${uuid}`), "certificate");
    if (found["state"] === "pending") return undefined;
    if (found["state"] === "verified") return found;
    throw new Error(`waiting for ${what}: its state is ${text(found["state"])}`);
  };
  return poll(what, look, signal);
}

/** The API refuses with 403 for as long as a load balancer has the certificate. */
const inUse = (error: unknown) =>
  error instanceof ApiError &&
  error.status === 403 &&
  /not in use before deleting it|being used by one or more load balancers/.test(error.message);
const longestWait = 30_000;

function missing(inputs: Properties): CheckFailure[] {
  const isCustom = inputs["type"] === "custom";
  const needed = isCustom ? ["privateKey", "leafCertificate"] : ["domains"];
  const excluded = ["privateKey", "leafCertificate", "certificateChain"];
  return [
    ...needed
      .filter((property) => isEmpty(inputs[property]))
      .map((property) => ({ property, reason: `is required for the type ${text(inputs["type"])}` })),
    ...(isEmpty(inputs["domains"]) ? [] : excluded.filter((property) => !isEmpty(inputs[property]))).map(
      (property) => ({ property, reason: "conflicts with domains" }),
    ),
  ];
}

export const certificate: ResourceType<DigitalOceanClient> = {
  inputs: {
    name: { type: "string", default: "generated", replaces: issued, problem: emptyText },
    type: {
      type: "string",
      default: "custom",
      replaces: issued,
      problem: (value) =>
        ["custom", "lets_encrypt"].includes(text(value)) ? undefined : "has to be custom or lets_encrypt",
    },
    privateKey: { ...pem, secret: true },
    leafCertificate: pem,
    certificateChain: pem,
    domains: {
      type: "list",
      unordered: true,
      replaces: issued,
      // Those of a certificate of one's own are what is in it.
      comparable: (value, { type }) => (type === "lets_encrypt" ? value : []),
      problem: ofElements(emptyText),
    },
  },
  outputs: { notAfter: {}, sha1Fingerprint: {}, state: {}, uuid: {} },
  defaultTimeout: 600,
  check: missing,
  create: async (client, inputs, { signal }) => {
    const body = withoutAbsent({
      name: inputs["name"],
      type: inputs["type"],
      private_key: inputs["privateKey"],
      leaf_certificate: inputs["leafCertificate"],
      certificate_chain: inputs["certificateChain"],
      dns_names: inputs["domains"],
    });
    const created = part(await client.request("POST", "/v2/certificates", body), "certificate");
    const id = text(created["name"]);
    try {
      return { id, outputs: outputs(await verified(client, text(created["id"]), signal)) };
    } catch (error) {
      throw new IncompleteResourceError((error as Error).message, id, outputs(created));
    }
  },
  read: async (client, id) => {
    const found = await findCertificate(client, id);
    return found && { outputs: outputs(found) };
  },
  delete: async (client, id, _state, { signal }) => {
    const found = await findCertificate(client, id);
    if (found === undefined) return;
    for (let wait = 2000; ; wait = Math.min(wait * 2, longestWait)) {
      try {
        return await client.remove(`/v2/certificates/${text(found["id"])}`);
      } catch (error) {
        if (!inUse(error)) throw error;
      }
      await sleep(wait, undefined, { signal });
    }
  },
};
