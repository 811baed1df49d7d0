import { isIPv6 } from "node:net";
import type { FirewallRule, FirewallRules } from "../hypervisor/hypervisor.ts";
import type { Droplet, Firewall, FirewallPeers, StoredFirewallRule } from "../store/entities.ts";
import type { LoadBalancer } from "../store/load-balancer.ts";

export type FirewallDroplet = Pick<
  Droplet,
  "id" | "tags" | "publicAddress" | "privateAddress" | "publicNetworking" | "ipv6Address"
>;

export type FirewallLoadBalancer = Pick<LoadBalancer, "id" | "privateAddress">;

/** What rules may name. */
export interface FirewallMembers {
  readonly droplets: readonly FirewallDroplet[];
  readonly loadBalancers: readonly FirewallLoadBalancer[];
}

/** Whether `firewall` applies to `droplet`, by its id or by one of its tags. */
export function covers(
  firewall: Pick<Firewall, "dropletIds" | "tags">,
  droplet: Pick<FirewallDroplet, "id" | "tags">,
): boolean {
  return firewall.dropletIds.includes(droplet.id) || firewall.tags.some((tag) => droplet.tags.includes(tag));
}

function toCidr(address: string): string {
  if (address.includes("/")) return address;
  return `${address}/${isIPv6(address) ? 128 : 32}`;
}

function peerAddresses(peers: FirewallPeers, { droplets, loadBalancers }: FirewallMembers): string[] {
  const named = droplets.filter((droplet) => covers(peers, droplet));
  const addresses = named.flatMap((droplet) => [
    ...(droplet.publicNetworking === false ? [] : [droplet.publicAddress]),
    droplet.privateAddress,
    ...(droplet.ipv6Address === undefined ? [] : [droplet.ipv6Address]),
  ]);
  // A load balancer speaks with its targets from its address in the VPC.
  const balancers = loadBalancers
    .filter(({ id }) => peers.loadBalancerIds?.includes(id) === true)
    .map(({ privateAddress }) => privateAddress);
  return [...new Set([...peers.addresses, ...addresses, ...balancers].map(toCidr))].sort();
}

/** A rule whose tags and ids match nothing lets nothing through, so it yields no rule. */
function resolveRule(rule: StoredFirewallRule, members: FirewallMembers): FirewallRule[] {
  const addresses = peerAddresses(rule.peers, members);
  if (addresses.length === 0) return [];
  const anyPort = rule.ports === "0" || rule.protocol === "icmp";
  return [{ protocol: rule.protocol, ...(anyPort ? {} : { ports: rule.ports }), addresses }];
}

/** The rules for one droplet: the union of all firewalls that cover it, or undefined when none does. */
export function resolveFirewall(
  droplet: FirewallDroplet,
  members: FirewallMembers,
  firewalls: readonly Firewall[],
): FirewallRules | undefined {
  const covering = firewalls.filter((firewall) => covers(firewall, droplet));
  if (covering.length === 0) return undefined;
  return {
    inbound: covering.flatMap((firewall) => firewall.inbound.flatMap((rule) => resolveRule(rule, members))),
    outbound: covering.flatMap((firewall) => firewall.outbound.flatMap((rule) => resolveRule(rule, members))),
  };
}
