import type { InputProperty, ProviderFunction } from "../../../../providers/engine/resource-type.ts";
import { isMap, text } from "../../../../providers/engine/values.ts";
import type { Properties, Value } from "../../../../providers/engine/values.ts";
import { part } from "./client.ts";
import type { DigitalOceanClient } from "./client.ts";
import { dropletImage, dropletOutputs } from "./droplet-properties.ts";

type Lookup = ProviderFunction<DigitalOceanClient>;

const listing: Record<string, InputProperty> = { filters: { type: "list" }, sorts: { type: "list" } };
const list = (value: Value): Value[] => (Array.isArray(value) ? value : []);
const property = (key: Value) =>
  text(key).replaceAll(/_(\w)/g, (_match, letter: string) => letter.toUpperCase());

function matches(item: Properties, filter: Properties): boolean {
  const key = property(filter["key"]);
  if (!(key in item)) throw new Error(`filters: there is no field ${text(filter["key"])}`);
  const given = list(filter["values"]).map(text);
  const test = (value: Value) => {
    switch (text(filter["matchBy"] ?? "exact")) {
      case "exact":
        return (wanted: string) => text(value) === wanted;
      case "substring":
        return (wanted: string) => text(value).includes(wanted);
      case "re":
        return (wanted: string) => new RegExp(wanted).test(text(value));
      default:
        throw new Error(`filters: matchBy has to be exact, substring or re`);
    }
  };
  const values = Array.isArray(item[key]) ? item[key] : [item[key]];
  return filter["all"] === true
    ? given.every((wanted) => values.some((value) => test(value)(wanted)))
    : values.some((value) => given.some(test(value)));
}

/** The items that every filter lets through, in the order asked for. */
function filtered(items: Properties[], { filters, sorts }: Properties): Properties[] {
  const found = items.filter((item) =>
    list(filters).every((filter) => !isMap(filter) || matches(item, filter)),
  );
  for (const sort of list(sorts).filter(isMap).reverse()) {
    const key = property(sort["key"]);
    const sign = sort["direction"] === "desc" ? -1 : 1;
    found.sort((left, right) => {
      const [a, b] = [left[key], right[key]];
      const order = typeof a === "number" && typeof b === "number" ? a - b : text(a).localeCompare(text(b));
      return sign * order;
    });
  }
  return found;
}

function listOf(path: string, key: string, view: (item: Properties) => Properties): Lookup {
  return {
    inputs: key === "droplets" ? { ...listing, gpus: { type: "boolean" } } : listing,
    invoke: async (client, inputs) => {
      const items = (await client.list(path, key)).map(view);
      return { ...inputs, id: `${key}-${Date.now()}`, [key]: filtered(items, inputs) };
    },
  };
}

const regionView = ({ slug, name, available, sizes, features }: Properties): Properties => ({
  slug,
  name,
  available,
  sizes,
  features,
});

const getAccount: Lookup = {
  inputs: {},
  invoke: async (client) => {
    const account = part(await client.request("GET", "/v2/account"), "account");
    return {
      id: account["uuid"],
      uuid: account["uuid"],
      dropletLimit: account["droplet_limit"],
      floatingIpLimit: account["floating_ip_limit"],
      email: account["email"],
      emailVerified: account["email_verified"],
      status: account["status"],
      statusMessage: account["status_message"] ?? "",
    };
  },
};

export const functions: Record<string, Lookup> = {
  "digitalocean:index/getAccount:getAccount": getAccount,
  "digitalocean:index/getRegions:getRegions": listOf("/v2/regions", "regions", regionView),
  "digitalocean:index/getSizes:getSizes": listOf("/v2/sizes", "sizes", (size) => ({
    slug: size["slug"],
    available: size["available"],
    disk: size["disk"],
    gpuInfos: [],
    memory: size["memory"],
    priceHourly: size["price_hourly"],
    priceMonthly: size["price_monthly"],
    regions: size["regions"],
    transfer: size["transfer"],
    vcpus: size["vcpus"],
  })),
  "digitalocean:index/getDroplets:getDroplets": listOf("/v2/droplets", "droplets", (droplet) => {
    const { dropletUrn, ...outputs } = dropletOutputs(droplet);
    delete outputs["publicNetworking"];
    return {
      ...outputs,
      id: droplet["id"],
      image: dropletImage(droplet),
      urn: dropletUrn,
      ipv6AddressPrivate: "",
      gpuPartitionMode: "",
    };
  }),
};
