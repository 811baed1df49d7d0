import { isMap, text } from "../../../../providers/engine/values.ts";
import type { Properties, Value } from "../../../../providers/engine/values.ts";

function address(droplet: Properties, version: string, type: string): string {
  const networks = droplet["networks"];
  const list = isMap(networks) ? networks[version] : undefined;
  const found = Array.isArray(list)
    ? list.find((network) => isMap(network) && network["type"] === type)
    : undefined;
  return isMap(found) ? text(found["ip_address"]) : "";
}

function field(value: Value, key: string): Value {
  return isMap(value) ? value[key] : undefined;
}

/** A droplet of the API as outputs; `image` only for an import, because the API may answer with another name of it. */
export function dropletOutputs(droplet: Properties): Properties {
  const features = (droplet["features"] ?? []) as string[];
  return {
    name: droplet["name"],
    region: field(droplet["region"], "slug"),
    size: droplet["size_slug"],
    priceHourly: field(droplet["size"], "price_hourly"),
    priceMonthly: field(droplet["size"], "price_monthly"),
    disk: droplet["disk"],
    vcpus: droplet["vcpus"],
    memory: droplet["memory"],
    status: droplet["status"],
    locked: droplet["locked"],
    createdAt: droplet["created_at"],
    vpcUuid: droplet["vpc_uuid"],
    ipv4Address: address(droplet, "v4", "public"),
    ipv4AddressPrivate: address(droplet, "v4", "private"),
    ipv6Address: address(droplet, "v6", "public").toLowerCase(),
    volumeIds: droplet["volume_ids"] ?? [],
    tags: droplet["tags"] ?? [],
    backups: features.includes("backups"),
    ipv6: features.includes("ipv6"),
    monitoring: features.includes("monitoring"),
    privateNetworking: features.includes("private_networking"),
    publicNetworking: address(droplet, "v4", "public") !== "",
    dropletUrn: `do:droplet:${text(droplet["id"])}`,
  };
}

export function dropletImage(droplet: Properties): string {
  return text(field(droplet["image"], "slug")) || text(field(droplet["image"], "id"));
}
