import { isIP, isIPv6 } from "node:net";
import { notEmulated, unprocessable } from "../requests/errors.ts";
import { Fields } from "../requests/fields.ts";
import type { FirewallPeers, StoredFirewallRule } from "../store/entities.ts";

/** DigitalOcean's limits for one firewall. */
const firewallLimits = { droplets: 10, tags: 5, rules: 50, peers: 1000 } as const;

export interface FirewallRequest {
  readonly name: string;
  readonly inbound: readonly StoredFirewallRule[];
  readonly outbound: readonly StoredFirewallRule[];
  readonly dropletIds: readonly number[];
  readonly tags: readonly string[];
}

/** Which tags, droplets and load balancers there are: a firewall may name no other. */
export interface KnownPeers {
  hasTag(name: string): boolean;
  hasDroplet(id: number): boolean;
  hasLoadBalancer(id: string): boolean;
}

function isAddress(text: string): boolean {
  const [address = "", length, ...rest] = text.split("/");
  if (isIP(address) === 0 || rest.length > 0) return false;
  if (length === undefined) return true;
  return /^\d{1,3}$/.test(length) && Number(length) <= (isIPv6(address) ? 128 : 32);
}

function parsePorts(
  protocol: StoredFirewallRule["protocol"],
  ports: string | undefined,
  where: string,
): string {
  // Ports of an icmp rule mean nothing, and are kept as they came.
  if (protocol === "icmp" && (ports === undefined || ports === "")) return "0";
  if (ports === undefined || ports === "") throw unprocessable(`${where}.ports is required for ${protocol}`);
  if (ports === "all" || ports === "0") return "0";
  const match = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(ports);
  const low = Number(match?.[1]);
  const high = Number(match?.[2] ?? match?.[1]);
  if (!match || low < 1 || high > 65535 || low > high) {
    throw unprocessable(`${where}.ports [${ports}] must be a port, a range such as 8000-9000, or all`);
  }
  return ports;
}

function parsePeers(fields: Fields, known: KnownPeers): FirewallPeers {
  if (fields.list("kubernetes_ids").length > 0)
    throw notEmulated(`the field ${fields.name("kubernetes_ids")}`);
  const peers = {
    addresses: fields.strings("addresses"),
    tags: fields.strings("tags"),
    dropletIds: fields.integers("droplet_ids"),
  };
  const loadBalancerIds = fields.strings("load_balancer_uids");
  for (const [key, list] of Object.entries({ ...peers, loadBalancerIds })) {
    if (list.length > firewallLimits.peers) {
      throw unprocessable(`${fields.name(key)} has more than ${firewallLimits.peers} entries`);
    }
  }
  const address = peers.addresses.find((candidate) => !isAddress(candidate));
  if (address !== undefined)
    throw unprocessable(`${fields.name("addresses")}: [${address}] is not an address or CIDR`);
  checkTargets(peers, fields, known);
  const balancer = loadBalancerIds.find((id) => !known.hasLoadBalancer(id));
  if (balancer !== undefined)
    throw unprocessable(`${fields.name("load_balancer_uids")}: there is no load balancer [${balancer}]`);
  if ([peers.addresses, peers.tags, peers.dropletIds, loadBalancerIds].every((list) => list.length === 0)) {
    throw unprocessable(
      `${fields.name("addresses")}: a rule must name at least one address, tag, Droplet or load balancer`,
    );
  }
  return loadBalancerIds.length === 0 ? peers : { ...peers, loadBalancerIds };
}

/** Throws 422 for a tag or droplet that is not there. */
export function checkTargets(
  targets: { readonly tags: readonly string[]; readonly dropletIds: readonly number[] },
  fields: Fields,
  known: KnownPeers,
): void {
  const tag = targets.tags.find((name) => !known.hasTag(name));
  if (tag !== undefined) throw unprocessable(`${fields.name("tags")}: there is no tag [${tag}]`);
  const droplet = targets.dropletIds.find((id) => !known.hasDroplet(id));
  if (droplet !== undefined)
    throw unprocessable(`${fields.name("droplet_ids")}: there is no Droplet [${droplet}]`);
}

function parseRule(
  value: unknown,
  where: string,
  peersKey: "sources" | "destinations",
  known: KnownPeers,
): StoredFirewallRule {
  const fields = new Fields(value, where);
  const protocol = fields.string("protocol");
  if (protocol !== "tcp" && protocol !== "udp" && protocol !== "icmp") {
    throw unprocessable(`${where}.protocol [${protocol}] must be tcp, udp or icmp`);
  }
  const ports = parsePorts(protocol, fields.optionalString("ports"), where);
  return {
    protocol,
    ports,
    peers: parsePeers(new Fields(fields.raw(peersKey) ?? {}, `${where}.${peersKey}`), known),
  };
}

/** Reads `inbound_rules` and `outbound_rules`. Throws 422 for what the API would refuse. */
export function parseFirewallRules(
  body: Fields,
  known: KnownPeers,
): Pick<FirewallRequest, "inbound" | "outbound"> {
  return {
    inbound: body
      .list("inbound_rules")
      .map((rule, index) => parseRule(rule, `inbound_rules[${index}]`, "sources", known)),
    outbound: body
      .list("outbound_rules")
      .map((rule, index) => parseRule(rule, `outbound_rules[${index}]`, "destinations", known)),
  };
}

/** Reads the body of a create or update request. Throws 422 for what the API would refuse. */
export function parseFirewall(body: Fields, known: KnownPeers): FirewallRequest {
  const name = body.string("name");
  if (!/^[a-zA-Z0-9][a-zA-Z0-9.-]+$/.test(name)) {
    throw unprocessable(
      `name [${name}] must begin with a letter or digit and hold only letters, digits, . and -`,
    );
  }
  const request = {
    name,
    ...parseFirewallRules(body, known),
    dropletIds: body.integers("droplet_ids"),
    tags: body.strings("tags"),
  };
  checkTargets(request, body, known);
  checkFirewallLimits(request);
  return request;
}

/** Throws 422 when a firewall has become larger than DigitalOcean allows, or has no rule at all. */
export function checkFirewallLimits(firewall: Omit<FirewallRequest, "name">): void {
  const rules = firewall.inbound.length + firewall.outbound.length;
  if (rules === 0) throw unprocessable("a firewall must have at least one rule");
  if (rules > firewallLimits.rules)
    throw unprocessable(`a firewall may have ${firewallLimits.rules} rules at most`);
  if (firewall.dropletIds.length > firewallLimits.droplets) {
    throw unprocessable(`a firewall may name ${firewallLimits.droplets} Droplets at most; use tags for more`);
  }
  if (firewall.tags.length > firewallLimits.tags) {
    throw unprocessable(`a firewall may name ${firewallLimits.tags} tags at most`);
  }
}
