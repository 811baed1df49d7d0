import { text } from "../../../../providers/engine/values.ts";
import type { Value } from "../../../../providers/engine/values.ts";
import type { DigitalOceanClient } from "./client.ts";

export const lowerCase = (value: Value) => text(value).toLowerCase();

/** The tags in a list as they are compared: DigitalOcean does not tell small letters from capitals. */
export const tags = (value: Value) => (Array.isArray(value) ? value.map(lowerCase).sort() : []);

/** Tags a resource that exists with `next` instead of `old`; a tag that is new is made. */
export async function changeTags(
  client: DigitalOceanClient,
  resource: { readonly id: string; readonly type: "droplet" | "volume" },
  old: readonly string[],
  next: readonly string[],
): Promise<void> {
  const resources = { resources: [{ resource_id: resource.id, resource_type: resource.type }] };
  for (const tag of old.filter((name) => !next.includes(name)))
    await client.request("DELETE", `/v2/tags/${encodeURIComponent(tag)}/resources`, resources);
  for (const tag of next.filter((name) => !old.includes(name))) {
    await client.request("POST", "/v2/tags", { name: tag });
    await client.request("POST", `/v2/tags/${encodeURIComponent(tag)}/resources`, resources);
  }
}
