import { NomadClient } from "../../clients/nomad/client.ts";
import type { NomadClientOptions } from "../../clients/nomad/request.ts";
import { nomadPorts } from "../../network/firewall-rules.ts";
import { dropletNameOf, parseDropletName } from "../../nodes/names.ts";
import type { Slot } from "../../nodes/names.ts";
import type { ClusterDroplet } from "./account-droplets.ts";
import type { DesiredSlot } from "./cluster-state.ts";

/** The Nomad agent of a server slot, and every way to it. */
export interface ServerAgent<Api = NomadClient> {
  readonly slot: Slot;
  /** True if the account listed a droplet for it that has been created: one that is `new` never ran an agent. */
  readonly hasDroplet: boolean;
  /** One client for each of its addresses. */
  readonly clients: readonly Api[];
}

/**
 * The agents of the server slots that are desired or have a droplet. `reservedAddresses` are in the order of the desired
 * servers, undefined where the address is not known.
 */
export function serverAgents(
  clusterName: string,
  desired: readonly Pick<DesiredSlot, "slot" | "role">[],
  droplets: readonly ClusterDroplet[],
  reservedAddresses: readonly (string | undefined)[],
  access: Pick<NomadClientOptions, "caCertificate" | "token" | "timeout">,
): ServerAgent[] {
  const client = (address: string, serverName?: string) =>
    new NomadClient({
      ...access,
      address: `https://${address}:${nomadPorts.http}`,
      ...(serverName !== undefined && { serverName }),
    });
  const servers = desired.filter(({ role }) => role === "server").map(({ slot }) => slot);
  const existing = droplets.flatMap(({ name }) => {
    const parsed = parseDropletName(name);
    return parsed?.clusterName === clusterName && parsed.role === "server" ? [parsed.slot] : [];
  });
  return [...new Set([...servers, ...existing])].map((slot) => {
    const reserved = reservedAddresses[servers.indexOf(slot)];
    const own = droplets.filter(({ name }) => name === dropletNameOf(clusterName, slot));
    return {
      slot,
      hasDroplet: own.some(({ status }) => status !== "new"),
      clients: [
        ...(reserved === undefined ? [] : [client(reserved)]),
        // A droplet that its reserved address does not lead to yet is reached too; the certificate names its role.
        ...own.map(({ publicAddress }) => client(publicAddress, "server.global.nomad")),
      ],
    };
  });
}
