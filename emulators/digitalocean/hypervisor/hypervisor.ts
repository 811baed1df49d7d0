import type { HypervisorLoadBalancer } from "./load-balancer.ts";

/**
 * What the emulator asks of the machine that runs droplets. Calls may be repeated, so each must be idempotent. A rejected
 * call makes the action `errored`, and the log has its message.
 */
export interface Hypervisor {
  /** What it can give beyond droplets with two IPv4 networks, and ext4. What is missing is answered with 501. @default - nothing */
  readonly features?: readonly HypervisorFeature[];
  /** Boots the droplet; resolves when its init system runs. A droplet that runs already is left alone. */
  create(machine: Machine): Promise<void>;
  /** Removes the droplet and its disk. A droplet that is not there is no error. */
  destroy(dropletId: number): Promise<void>;
  powerOn(dropletId: number): Promise<void>;
  powerOff(dropletId: number): Promise<void>;
  reboot(dropletId: number): Promise<void>;
  /** Gives a droplet that is off the CPUs and memory of another size, from its next boot on. Its disk is not limited. */
  resize(dropletId: number, size: Pick<Machine, "vcpus" | "memoryMiB">): Promise<void>;
  /** Replaces all rules in force on the droplet. `undefined`: no cloud firewall covers it, all traffic passes. */
  setFirewall(dropletId: number, rules: FirewallRules | undefined): Promise<void>;
  /** Directs a reserved address to a droplet's anchor address, or to none. */
  setReservedIp(address: string, dropletId: number | undefined): Promise<void>;
  /**
   * Makes the volume if it is new and shows it to the droplet as /dev/disk/by-id/scsi-0DO_Volume_NAME. A droplet that is
   * off, or not created yet, finds it when it boots, before its init system starts.
   */
  attachVolume(dropletId: number, volume: HypervisorVolume): Promise<void>;
  /**
   * Unplugs the volume: a droplet that still uses it can neither write nor read it any more, and what it wrote and
   * synced is kept. A volume that is not attached to the droplet, or a droplet that is not there, is no error.
   */
  detachVolume(dropletId: number, volume: HypervisorVolume): Promise<void>;
  /** Grows the volume to its `sizeGigabytes`, in use or not; the file system on it is the droplet's to grow. */
  resizeVolume(volume: HypervisorVolume): Promise<void>;
  /** Deletes the data of a volume that is attached to no droplet. A volume that is not there is no error. */
  destroyVolume(volume: HypervisorVolume): Promise<void>;
  /**
   * Starts a load balancer, or changes one that runs without cutting connections: a target that is no longer named gets no
   * new ones and finishes those it has. Resolves when it listens. Only if it has the feature "load balancers".
   */
  setLoadBalancer(balancer: HypervisorLoadBalancer): Promise<void>;
  /** Ends a load balancer. One that is not there is no error. */
  removeLoadBalancer(id: string): Promise<void>;
}

/**
 * "snapshots" are those of droplets and volumes; "private only" are droplets without public network; "udp" are load
 * balancers of UDP and HTTP/3.
 */
export type HypervisorFeature =
  "backups" | "ipv6" | "load balancers" | "private only" | "snapshots" | "udp" | "xfs";

export interface Machine {
  readonly id: number;
  /** Becomes the host name. */
  readonly name: string;
  readonly userData: string;
  /** Lines for root's authorized_keys. */
  readonly sshKeys: readonly string[];
  readonly publicAddress: string;
  /** Second address of eth0, where traffic to a reserved address arrives, as on DigitalOcean. */
  readonly anchorAddress: string;
  /** eth1. */
  readonly vpc: { readonly id: string; readonly ipRange: string; readonly address: string };
  readonly vcpus: number;
  readonly memoryMiB: number;
}

export interface HypervisorVolume {
  readonly id: string;
  readonly name: string;
  readonly sizeGigabytes: number;
  /** "ext4", "xfs" if the hypervisor has it, or "" for a raw volume. */
  readonly filesystemType: string;
  readonly filesystemLabel: string;
}

export interface FirewallRules {
  readonly inbound: readonly FirewallRule[];
  readonly outbound: readonly FirewallRule[];
}

/** Tags and droplet ids are resolved to addresses before they come here. */
export interface FirewallRule {
  readonly protocol: "tcp" | "udp" | "icmp";
  /** "80", "8000-9000", or undefined for all (always so for icmp). */
  readonly ports?: string;
  /** CIDRs, IPv4 or IPv6. */
  readonly addresses: readonly string[];
}
