import type { Duration } from "../duration.ts";
import type { HostVolume } from "../nodes/nomad-configuration.ts";

/** A DigitalOcean volume, formatted as ext4, that outlives the droplets of its slot. */
export interface ClusterVolume {
  /** Name that jobs use as the source of a host volume. A change replaces the volume and the slot's droplet. */
  name: string;
  /** Slot whose droplet has it, for example `server-1`. A change replaces the droplets of both slots. */
  slot: string;
  /** GiB. It can grow; the file system follows when the node boots. */
  size: number;
}

/**
 * What a cluster is made of. Everything here decides which resources there are or is checked before any of them is
 * created, so these are plain values, not Outputs.
 */
export interface NomadClusterArgs {
  /**
   * Name of the VPC and the firewall and first part of the droplets' names, unique in the account. Default: the
   * component's name. A change replaces everything.
   */
  clusterName?: string;
  /** Region slug. Default `sgp1`. A change replaces everything. */
  region?: string;
  /** Nomad datacenter. Default: the region. A change replaces every droplet. */
  datacenter?: string;
  /** Droplets that are server and client: 1, 3 or 5. Default 3. A change replaces the servers' droplets. */
  serverCount?: number;
  /** Further droplets that are only client. Default 0. A change leaves the other droplets alone. */
  clientCount?: number;
  /** Droplet size slug. Default `s-2vcpu-4gb`. A change powers droplets off to resize them. */
  size?: string;
  /** Debian image slug. Default `debian-12-x64`. A change replaces every droplet. */
  image?: string;
  /** Private IPv4 range of the VPC, /16 to /28. Default `10.104.0.0/20`. A change replaces everything. */
  vpcIpRange?: string;
  /** CIDRs that may use SSH and the Nomad API; the machine that runs Pulumi must be in one of them. */
  operatorCidrs: string[];
  /** Allows `0.0.0.0/0` and `::/0` in `operatorCidrs`. Default false. */
  allowOperatorsFromAnywhere?: boolean;
  /** Ids or fingerprints of SSH keys in the account, for root. Default none. A change replaces every droplet. */
  sshKeys?: string[];
  /** Further tags of the droplets. Default none. */
  tags?: string[];
  /** Nomad version, at least 1.11. Default `2.0.7`. A change replaces every droplet. */
  nomadVersion?: string;
  /** sha256 of that version's `linux_amd64` zip. Default: that of the default version; required with any other. */
  nomadSha256?: string;
  /** Base URL with the layout of the default, `https://releases.hashicorp.com/nomad`. A change replaces every droplet. */
  nomadDownloadUrl?: string;
  /** URL under which `debian` and `debian-security` lie. Default: the image's mirrors. A change replaces every droplet. */
  aptMirror?: string;
  /** URLs of mirrors of Docker Hub. Default none. A change replaces every droplet. */
  dockerRegistryMirrors?: string[];
  /**
   * Directories that every node offers to jobs, beside `agent-state`; one that is not there is made. Default none. Whoever
   * may deploy jobs may use them: offered `/`, they read every file of a node. A change replaces every droplet.
   */
  hostVolumes?: HostVolume[];
  /**
   * Nomad namespaces beside `default`, for stacks that keep their jobs and Variables apart. Default none. A change leaves
   * the droplets alone; Nomad refuses to delete one in which there is still a job or a Variable.
   */
  namespaces?: string[];
  /** Volumes in the account, each mounted by one node. Named `CLUSTERNAME-NAME` there. Default none. */
  volumes?: ClusterVolume[];
  /**
   * Whether Pulumi refuses to delete or replace volumes. Default true: to remove them set it to false and update, then
   * destroy.
   */
  protectVolumes?: boolean;
  /** TCP ports that everyone may reach on every node. Default none. A change leaves the droplets alone. */
  publicPorts?: number[];
  /** MiB that jobs need on one node at once; a `size` with less is refused. Default 0. */
  memoryForJobs?: number;
  /** Longest wait for a cluster to form or to answer. Default `15m`. */
  readyTimeout?: Duration;
  /** Longest drain of one node before its droplet is replaced; what then still runs there is stopped. Default `5m`. */
  maxDrain?: Duration;
  /**
   * Longest wait for a new droplet to become active, which is deleted after it, then for its node to join, and then for
   * the jobs to run again. Default `10m`.
   */
  joinTimeout?: Duration;
  /**
   * Goes on when the cluster's droplets exist but no majority of servers answers. Default false: nothing is replaced. If
   * true, every droplet may be replaced at once, and the cluster's state with them.
   */
  replaceUnreachableCluster?: boolean;
  /**
   * Directory, relative to the Pulumi project's, of the encrypted snapshots of Nomad's state, one taken before a rollout
   * replaces its first node. Default `snapshots`.
   */
  snapshotDirectory?: string;
}
