import type { Emulator } from "../emulator.ts";
import { parseIpv4 } from "../rules/ipv4.ts";
import type { AssociatedResource, Droplet } from "../store/entities.ts";

/** US dollars a month if the resource stays when its droplet goes, as DigitalOcean's price list had them in 2026. */
const prices = { reservedIp: 5, snapshotGigabyte: 0.06, volumeGigabyte: 0.1 } as const;

/** What DigitalOcean offers to destroy with a droplet, each with its monthly cost. */
export function associatedResources(
  { store }: Emulator,
  droplet: Droplet,
): (AssociatedResource & { cost: number })[] {
  const volumes = store.volumes.where("dropletId", droplet.id);
  const snapshotsOf = (resourceId: string, kind: "snapshots" | "volume_snapshots") =>
    store.snapshots.where("resourceId", resourceId).map(({ id, name, sizeGigabytes }) => ({
      ...{ kind, id, name, key: id, cost: sizeGigabytes * prices.snapshotGigabyte },
    }));
  return [
    ...store.reservedIps.where("dropletId", droplet.id).map(({ id }) => ({
      ...{ kind: "reserved_ips" as const, id: String(parseIpv4(id) ?? id), name: id, key: id },
      cost: prices.reservedIp,
    })),
    ...snapshotsOf(String(droplet.id), "snapshots"),
    ...volumes.map(({ id, name, sizeGigabytes }) => ({
      ...{ kind: "volumes" as const, id, name, key: id, cost: sizeGigabytes * prices.volumeGigabyte },
    })),
    ...volumes.flatMap(({ id }) => snapshotsOf(id, "volume_snapshots")),
  ];
}

/** Resources by their kinds, a reserved IP under its former name too. */
export function byKind<View>(
  resources: readonly AssociatedResource[],
  view: (resource: AssociatedResource) => View,
) {
  const of = (kind: AssociatedResource["kind"]) =>
    resources.filter((resource) => resource.kind === kind).map(view);
  return {
    reserved_ips: of("reserved_ips"),
    floating_ips: of("reserved_ips"),
    snapshots: of("snapshots"),
    volumes: of("volumes"),
    volume_snapshots: of("volume_snapshots"),
  };
}
