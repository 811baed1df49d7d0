import type { Emulator } from "../../emulator.ts";
import { requireFeature } from "../../emulator.ts";
import { forbidden, unprocessable } from "../../requests/errors.ts";
import { mostDroplets } from "../../rules/load-balancers/settings.ts";
import type { LoadBalancer } from "../../store/load-balancer.ts";
import { storeRecord } from "../dns/records.ts";

const hour = 3_600_000;

/** Changes a load balancer as DigitalOcean does: 403 while it works on an earlier change. To be called in a transaction. */
export function changeLoadBalancer(
  emulator: Emulator,
  before: LoadBalancer,
  change: Partial<LoadBalancer>,
): LoadBalancer {
  const { edges, options } = emulator;
  if (before.processing && edges.now.busyLoadBalancer)
    throw forbidden("Load Balancer can't be updated while it processes previous actions");
  const changed = { ...before, ...change, processing: true };
  if (changed.sizeUnit === before.sizeUnit) return storeLoadBalancer(emulator, changed);
  const now = options.now().getTime();
  if (edges.now.hourlyResize && before.resizedAt !== undefined && now - before.resizedAt < hour)
    throw unprocessable("size_unit: a load balancer can be resized once an hour");
  return storeLoadBalancer(emulator, { ...changed, resizedAt: now });
}

/** Stores a load balancer. Throws 422 for a name that another one has and for droplets that it cannot reach. */
export function storeLoadBalancer(emulator: Emulator, balancer: LoadBalancer): LoadBalancer {
  const { store } = emulator;
  if (store.loadBalancers.where("name", balancer.name).some(({ id }) => id !== balancer.id))
    throw unprocessable("name is not unique");
  const datagrams = ["udp", "http3"];
  if (balancer.forwardingRules.some(({ entryProtocol }) => datagrams.includes(entryProtocol)))
    requireFeature(emulator, "udp", "a load balancer of UDP");
  if (balancer.dropletIds.length > mostDroplets)
    throw unprocessable(`droplet_ids: ${mostDroplets} Droplets at most; use a tag for more`);
  const missing = balancer.dropletIds.find((id) => store.droplets.get(id) === undefined);
  if (missing !== undefined) throw unprocessable(`droplet_ids: there is no Droplet [${missing}]`);
  const outside = balancer.dropletIds.find((id) => store.droplets.get(id)?.vpcId !== balancer.vpcId);
  if (outside !== undefined)
    throw unprocessable(`droplet_ids: Droplet [${outside}] is not in the VPC of the load balancer`);
  store.loadBalancers.put(balancer);
  addRecords(emulator, balancer);
  return balancer;
}

/** The A records that DigitalOcean adds for names of Let's Encrypt certificates, where the zone has none. */
function addRecords(emulator: Emulator, balancer: LoadBalancer): void {
  if (balancer.disableLetsEncryptDnsRecords) return;
  const { store } = emulator;
  const names = balancer.forwardingRules.flatMap(({ certificateId }) => {
    const certificate = store.certificates.get(certificateId);
    return certificate?.type === "lets_encrypt" ? certificate.dnsNames : [];
  });
  for (const full of new Set(names)) {
    const domain = store.domains
      .list()
      .filter(({ id }) => full === id || full.endsWith(`.${id}`))
      .sort((one, other) => other.id.length - one.id.length)[0];
    if (domain === undefined) continue;
    const name = full === domain.id ? "@" : full.slice(0, -domain.id.length - 1);
    const there = store.domainRecords
      .where("domain", domain.id)
      .some((record) => record.name === name && ["A", "AAAA", "CNAME"].includes(record.type));
    if (there) continue;
    storeRecord(emulator, { domain: domain.id, name, type: "A", data: balancer.publicAddress, ttl: 1800 });
  }
}
