import { knownRegion, knownSize } from "../catalog.ts";
import type { Emulator } from "../emulator.ts";
import { pendingDropletAction } from "../emulator.ts";
import { nextBackupWindow } from "../resources/backup-policy.ts";
import { diskOf } from "../resources/droplet-disk.ts";
import { imageOf } from "../resources/droplet-image.ts";
import { ipv4Network, networkMask } from "../rules/ipv4.ts";
import { ipv6Network } from "../rules/ipv6.ts";
import type { Droplet } from "../store/entities.ts";

export function dropletView(emulator: Emulator, droplet: Droplet) {
  const size = knownSize(droplet.size);
  const disk = diskOf(droplet);
  const pending = pendingDropletAction(emulator, droplet.id);
  return {
    id: droplet.id,
    name: droplet.name,
    memory: size.memory,
    vcpus: size.vcpus,
    disk,
    disk_info: [{ type: "local", size: { amount: disk, unit: "gib" } }],
    locked: pending !== undefined && !["create", "droplet_metadata_create"].includes(pending.type),
    status: droplet.status,
    kernel: null,
    created_at: droplet.createdAt,
    features: droplet.features,
    backup_ids: [],
    next_backup_window:
      droplet.backupPolicy === undefined
        ? null
        : nextBackupWindow(droplet.backupPolicy, emulator.options.now()),
    snapshot_ids: emulator.store.snapshots
      .where("resourceId", String(droplet.id))
      .map(({ id }) => Number(id)),
    image: imageOf(droplet),
    volume_ids: droplet.volumeIds,
    size,
    size_slug: droplet.size,
    networks: droplet.status === "new" ? { v4: [], v6: [] } : dropletNetworks(emulator, droplet),
    region: knownRegion(droplet.region),
    tags: droplet.tags,
    vpc_uuid: droplet.vpcId,
  };
}

function dropletNetworks(emulator: Emulator, droplet: Droplet) {
  const { gateway, cidr } = emulator.options.publicNetwork;
  const netmask = networkMask(ipv4Network(cidr).prefix);
  const vpc = emulator.store.vpcs.get(droplet.vpcId);
  const reserved = emulator.store.reservedIps.where("dropletId", droplet.id);
  const publicEntry = (address: string) => ({ ip_address: address, netmask, gateway, type: "public" });
  const publicEntries = droplet.publicNetworking === false ? [] : [publicEntry(droplet.publicAddress)];
  const privateEntries =
    vpc === undefined
      ? []
      : [
          {
            ip_address: droplet.privateAddress,
            netmask: networkMask(ipv4Network(vpc.ipRange).prefix),
            // The text that DigitalOcean answers for a network without a gateway.
            gateway: "<nil>",
            type: "private",
          },
        ];
  const v4 = [
    ...(emulator.edges.now.privateAddressFirst
      ? [...privateEntries, ...publicEntries]
      : [...publicEntries, ...privateEntries]),
    ...reserved.map((reservedIp) => publicEntry(reservedIp.id)),
  ];
  const v6 =
    droplet.ipv6Address === undefined
      ? []
      : [{ ip_address: droplet.ipv6Address, ...ipv6Network, type: "public" }];
  return { v4, v6 };
}
