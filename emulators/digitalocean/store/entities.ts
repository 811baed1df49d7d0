import type { Image } from "../catalog.ts";

/** What the store keeps: one row each, by `id`. Times are ISO 8601 in UTC, as the API answers them. */
export interface Droplet {
  readonly id: number;
  readonly name: string;
  /** The host name it was created with: a rename does not reach the machine. */
  readonly hostname: string;
  readonly status: "new" | "active" | "off";
  readonly region: string;
  readonly size: string;
  /** @default - that of the size; a resize without the disk keeps the old one */
  readonly diskGigabytes?: number;
  /** A public image's slug, or the id of a snapshot in digits. */
  readonly image: string;
  /** The image that it was created from, when it is not of the catalogue: it may be gone by now. */
  readonly sourceImage?: Image;
  readonly features: readonly string[];
  readonly tags: readonly string[];
  readonly volumeIds: readonly string[];
  readonly userData: string;
  readonly sshKeys: readonly string[];
  readonly vpcId: string;
  readonly publicAddress: string;
  readonly anchorAddress: string;
  readonly privateAddress: string;
  /** false: it has its private network only. @default true */
  readonly publicNetworking?: boolean;
  readonly ipv6Address?: string;
  /** While backups are enabled. */
  readonly backupPolicy?: BackupPolicy;
  readonly createdAt: string;
}

export interface BackupPolicy {
  readonly plan: "daily" | "weekly";
  /** Of a weekly plan, such as "SUN". */
  readonly weekday?: string;
  /** Of the day, in UTC: 0, 4, 8, 12, 16 or 20. */
  readonly hour: number;
}

export type ActionType =
  | "create"
  | "droplet_metadata_create"
  | "destroy"
  | "power_on"
  | "power_off"
  | "shutdown"
  | "reboot"
  | "power_cycle"
  | "rename"
  | "resize"
  | "snapshot"
  | "enable_backups"
  | "disable_backups"
  | "change_backup_policy"
  | "enable_ipv6"
  | "assign_ip"
  | "unassign_ip"
  | "attach_volume"
  | "detach_volume"
  | "resize_volume";

/** What can be destroyed together with a droplet. */
export interface AssociatedResource {
  readonly kind: "reserved_ips" | "snapshots" | "volumes" | "volume_snapshots";
  readonly id: string;
  readonly name: string;
  /** Under which it is stored. */
  readonly key: string;
}

export interface Action {
  readonly id: number;
  readonly type: ActionType;
  readonly status: "in-progress" | "completed" | "errored";
  readonly resourceType: "droplet" | "reserved_ip" | "volume";
  /** A droplet's id, a reserved IP, or a volume's id. */
  readonly resource: string;
  /** Locked while the action runs: the droplet that it is about, if any. */
  readonly dropletId?: number;
  /** Of `rename` the droplet's, of `snapshot` the snapshot's. */
  readonly newName?: string;
  readonly backupPolicy?: BackupPolicy;
  /** Of a `destroy` that takes more with it. */
  readonly dropletName?: string;
  readonly alsoDestroy?: readonly AssociatedResource[];
  /** Of a droplet's `resize`: the size's slug, and whether the disk grows too. */
  readonly newSize?: string;
  readonly withDisk?: boolean;
  /** Of `resize_volume`. */
  readonly sizeGigabytes?: number;
  readonly region: string;
  readonly startedAt: string;
  readonly completedAt?: string;
}

export interface SshKey {
  readonly id: number;
  readonly name: string;
  readonly publicKey: string;
  readonly fingerprint: string;
}

export interface Tag {
  readonly id: string;
}

export interface Vpc {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly region: string;
  readonly ipRange: string;
  readonly isDefault: boolean;
  readonly createdAt: string;
}

export interface FirewallPeers {
  readonly addresses: readonly string[];
  readonly tags: readonly string[];
  readonly dropletIds: readonly number[];
  /** @default - none */
  readonly loadBalancerIds?: readonly string[];
}

export interface StoredFirewallRule {
  readonly protocol: "tcp" | "udp" | "icmp";
  /** "80", "8000-9000", or "0" for all. */
  readonly ports: string;
  readonly peers: FirewallPeers;
}

export interface Firewall {
  readonly id: string;
  readonly name: string;
  readonly inbound: readonly StoredFirewallRule[];
  readonly outbound: readonly StoredFirewallRule[];
  readonly dropletIds: readonly number[];
  readonly tags: readonly string[];
  readonly createdAt: string;
  /** The hypervisor refused the rules, and nothing has changed since. */
  readonly failed: boolean;
}

export interface ReservedIp {
  /** The address. */
  readonly id: string;
  readonly region: string;
  readonly dropletId?: number;
}

export interface Volume {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly region: string;
  readonly sizeGigabytes: number;
  readonly filesystemType: string;
  readonly filesystemLabel: string;
  readonly dropletId?: number;
  /** The droplet is gone, and the attachment ends then, in milliseconds since 1970. */
  readonly heldUntil?: number;
  readonly tags: readonly string[];
  readonly createdAt: string;
}

/** A droplet or load balancer that is gone and is a member of its VPC still. */
export interface FormerMember extends Pick<Droplet, "vpcId" | "name" | "createdAt"> {
  /** The URN. */
  readonly id: string;
  /** In milliseconds since 1970. */
  readonly until: number;
}

/** A snapshot of a droplet, which is an image too, or of a volume. */
export interface Snapshot {
  /** Digits for a droplet's, a UUID for a volume's. */
  readonly id: string;
  readonly name: string;
  readonly resourceType: "droplet" | "volume";
  readonly resourceId: string;
  readonly regions: readonly string[];
  /** Both in GiB. */
  readonly minDiskSize: number;
  readonly sizeGigabytes: number;
  /** Of a droplet's. */
  readonly distribution?: string;
  readonly description?: string;
  /** Of a volume's. */
  readonly filesystemType?: string;
  readonly filesystemLabel?: string;
  readonly tags: readonly string[];
  readonly createdAt: string;
}

export interface Project {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly purpose: string;
  readonly environment: string;
  readonly isDefault: boolean;
  readonly createdAt: string;
  readonly updatedAt: string;
}

/** A resource that was moved to a project; all others are in the default project. */
export interface ProjectAssignment {
  /** The resource's URN. */
  readonly id: string;
  readonly projectId: string;
  readonly assignedAt: string;
}

/** The rules last given to the hypervisor for a droplet, as JSON text; "" when no firewall covered it. */
export interface AppliedFirewall {
  readonly id: number;
  readonly rules: string;
}
