import { knownImage, knownRegion, knownSize } from "./catalog.ts";
import type { Emulator } from "./emulator.ts";
import { diskOf } from "./resources/droplet-disk.ts";
import { pendingDropletAction } from "./emulator.ts";
import { ipv4Network, networkMask, parseIpv4 } from "./rules/ipv4.ts";
import type {
  Action,
  Droplet,
  Firewall,
  ReservedIp,
  SshKey,
  StoredFirewallRule,
  Tag,
  Volume,
  Vpc,
} from "./store/entities.ts";

/** Entities as the API answers them. */
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
    next_backup_window: null,
    snapshot_ids: [],
    image: knownImage(droplet.image),
    volume_ids: droplet.volumeIds,
    size,
    size_slug: droplet.size,
    networks: { v4: droplet.status === "new" ? [] : dropletNetworks(emulator, droplet), v6: [] },
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
  const publicEntries = [publicEntry(droplet.publicAddress)];
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
  return [
    ...(emulator.edges.now.privateAddressFirst
      ? [...privateEntries, ...publicEntries]
      : [...publicEntries, ...privateEntries]),
    ...reserved.map((reservedIp) => publicEntry(reservedIp.id)),
  ];
}

export function actionView(action: Action) {
  const resourceId =
    action.resourceType === "volume" ? null : Number(parseIpv4(action.resource) ?? action.resource);
  return {
    id: action.id,
    status: action.status,
    // The API calls it by the same name as a droplet's.
    type: action.type === "resize_volume" ? "resize" : action.type,
    started_at: action.startedAt,
    completed_at: action.completedAt ?? null,
    resource_id: resourceId,
    resource_type: action.resourceType,
    region: knownRegion(action.region),
    region_slug: action.region,
  };
}

export function sshKeyView(key: SshKey) {
  return { id: key.id, fingerprint: key.fingerprint, public_key: key.publicKey, name: key.name };
}

export function vpcView(vpc: Vpc) {
  return {
    id: vpc.id,
    urn: `do:vpc:${vpc.id}`,
    name: vpc.name,
    description: vpc.description,
    region: vpc.region,
    ip_range: vpc.ipRange,
    default: vpc.isDefault,
    created_at: vpc.createdAt,
  };
}

export function tagView(emulator: Emulator, tag: Tag, origin: string) {
  const droplets = emulator.store.droplets.list().filter((droplet) => droplet.tags.includes(tag.id));
  const volumes = emulator.store.volumes.list().filter((volume) => volume.tags.includes(tag.id));
  const counted = (kind: string, ids: readonly (string | number)[]) => {
    const last = ids.at(-1);
    return {
      count: ids.length,
      ...(last === undefined ? {} : { last_tagged_uri: `${origin}/v2/${kind}/${last}` }),
    };
  };
  const dropletIds = droplets.map((droplet) => droplet.id);
  const volumeIds = volumes.map((volume) => volume.id);
  return {
    name: tag.id,
    resources: {
      count: dropletIds.length + volumeIds.length,
      droplets: counted("droplets", dropletIds),
      images: { count: 0 },
      volumes: counted("volumes", volumeIds),
      volume_snapshots: { count: 0 },
      databases: { count: 0 },
    },
  };
}

function ruleView(rule: StoredFirewallRule, peersKey: "sources" | "destinations") {
  const { addresses, tags, dropletIds } = rule.peers;
  return {
    protocol: rule.protocol,
    ports: rule.ports,
    [peersKey]: {
      ...(addresses.length > 0 ? { addresses } : {}),
      ...(tags.length > 0 ? { tags } : {}),
      ...(dropletIds.length > 0 ? { droplet_ids: dropletIds } : {}),
    },
  };
}

function firewallStatus(firewall: Firewall, pending: readonly unknown[]) {
  if (firewall.failed) return "failed";
  return pending.length > 0 ? "waiting" : "succeeded";
}

export function firewallView(emulator: Emulator, firewall: Firewall) {
  const pending = emulator.firewalls.pendingChanges(firewall);
  return {
    id: firewall.id,
    name: firewall.name,
    status: firewallStatus(firewall, pending),
    inbound_rules: firewall.inbound.map((rule) => ruleView(rule, "sources")),
    outbound_rules: firewall.outbound.map((rule) => ruleView(rule, "destinations")),
    created_at: firewall.createdAt,
    droplet_ids: firewall.dropletIds,
    tags: firewall.tags,
    pending_changes: pending,
  };
}

export function reservedIpView(emulator: Emulator, reservedIp: ReservedIp) {
  const droplet =
    reservedIp.dropletId === undefined ? undefined : emulator.store.droplets.get(reservedIp.dropletId);
  return {
    ip: reservedIp.id,
    region: knownRegion(reservedIp.region),
    droplet: droplet === undefined ? null : dropletView(emulator, droplet),
    locked: emulator.runner.pending().some((action) => action.resource === reservedIp.id),
    project_id: emulator.projectId,
  };
}

export function volumeView(volume: Volume) {
  return {
    id: volume.id,
    name: volume.name,
    description: volume.description,
    region: knownRegion(volume.region),
    droplet_ids: volume.dropletId === undefined ? [] : [volume.dropletId],
    size_gigabytes: volume.sizeGigabytes,
    filesystem_type: volume.filesystemType,
    filesystem_label: volume.filesystemLabel,
    tags: volume.tags,
    created_at: volume.createdAt,
  };
}
