import { knownRegion } from "../catalog.ts";
import type { Emulator } from "../emulator.ts";
import { projectOf } from "../resources/projects.ts";
import { parseIpv4 } from "../rules/ipv4.ts";
import { dropletView } from "./droplet.ts";
import type {
  Action,
  Firewall,
  ReservedIp,
  SshKey,
  StoredFirewallRule,
  Tag,
  Volume,
  Vpc,
} from "../store/entities.ts";

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
  const snapshots = emulator.store.snapshots.list().filter((snapshot) => snapshot.tags.includes(tag.id));
  const idsOf = (type: string) =>
    snapshots.flatMap(({ resourceType, id }) => (resourceType === type ? [id] : []));
  const dropletIds = droplets.map((droplet) => droplet.id);
  const volumeIds = volumes.map((volume) => volume.id);
  return {
    name: tag.id,
    resources: {
      count: dropletIds.length + volumeIds.length + snapshots.length,
      droplets: counted("droplets", dropletIds),
      images: counted("images", idsOf("droplet")),
      volumes: counted("volumes", volumeIds),
      volume_snapshots: counted("snapshots", idsOf("volume")),
      databases: { count: 0 },
    },
  };
}

function ruleView(rule: StoredFirewallRule, peersKey: "sources" | "destinations") {
  const { addresses, tags, dropletIds, loadBalancerIds = [] } = rule.peers;
  return {
    protocol: rule.protocol,
    ports: rule.ports,
    [peersKey]: {
      ...(addresses.length > 0 ? { addresses } : {}),
      ...(tags.length > 0 ? { tags } : {}),
      ...(dropletIds.length > 0 ? { droplet_ids: dropletIds } : {}),
      ...(loadBalancerIds.length > 0 ? { load_balancer_uids: loadBalancerIds } : {}),
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
    project_id: projectOf(emulator, `do:reservedip:${reservedIp.id}`).id,
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
