import { MackerelClient } from "../../../clients/mackerel/client.ts";
import type { MackerelClientOptions } from "../../../clients/mackerel/client.ts";
import { ApiError } from "../../../clients/request.ts";
import type { HostRegistry } from "../host-registry.ts";

/** `vendor` of an agent's host registry. */
export const mackerelVendor = "mackerel";

/** Namespace of the host metadata `{ "cluster": ADDRESS }`, in which the agent says whose its host is. */
export const mackerelMetadata = "nomad-digitalocean";

/** Mackerel's hosts. To retire one needs an API key that may write. */
export function mackerelHosts(options: MackerelClientOptions): HostRegistry {
  const client = new MackerelClient(options);
  return {
    name: "Mackerel",
    hosts: async () =>
      (await client.hosts()).map(({ id, displayName }) => ({
        id,
        ...(displayName !== undefined && { name: displayName }),
      })),
    clusterAddress: async (id) => {
      const metadata = await client.hostMetadata(id, mackerelMetadata);
      return (metadata as { cluster?: unknown } | null | undefined)?.cluster;
    },
    retire: (id) => client.retire(id),
    keyAdvice,
  };
}

function keyAdvice(error: unknown): string | undefined {
  if (!(error instanceof ApiError)) return undefined;
  if (error.status === 401) return "Mackerel does not know the API key; set a valid one";
  if (error.status === 403)
    return "the API key may not do this; set one with write permission that may be used from this machine's address";
  return undefined;
}
