import { dropletNameOf, parseDropletName } from "../../nodes/names.ts";
import { nomadPorts } from "../../network/firewall-rules.ts";
import type { ClusterDroplet } from "./account-droplets.ts";
import { nomadClient } from "../servers.ts";
import type { ClusterAccess } from "../servers.ts";
import type { ServerAgent } from "./observe.ts";
import type { DeclaredSlot } from "./state.ts";

/** The cluster's servers and how each may be reached. */
export interface ServerLocations {
  readonly clusterName: string;
  readonly declared: readonly Pick<DeclaredSlot, "slot" | "role">[];
  readonly droplets: readonly ClusterDroplet[];
  /** In the order of the declared servers; undefined where the address is not known. */
  readonly reservedAddresses: readonly (string | undefined)[];
}

/** The agents of the server slots that are declared or have a droplet. */
export function serverAgents(
  { clusterName, declared, droplets, reservedAddresses }: ServerLocations,
  access: ClusterAccess,
): ServerAgent[] {
  const url = (address: string) => `https://${address}:${nomadPorts.http}`;
  const servers = declared.filter(({ role }) => role === "server").map(({ slot }) => slot);
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
      addresses: [
        ...(reserved === undefined ? [] : [nomadClient({ address: url(reserved) }, access)]),
        // A droplet whose reserved address does not lead to it yet is reached too; the certificate names its role.
        ...own.map(({ publicAddress }) =>
          nomadClient({ address: url(publicAddress), serverName: "server.global.nomad" }, access),
        ),
      ],
    };
  });
}
