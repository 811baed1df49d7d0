import type { Duration } from "../duration.ts";
import type { ClusterDomainArgs } from "../network/domain-names.ts";
import type { ClusterLoadBalancerArgs } from "../network/load-balancer.ts";
import type { ClusterTeam } from "./access/team-policy.ts";
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
   * Name of the VPC and the firewall and first part of the droplets' names, unique in the account. Another one is refused
   * while droplets of this stack's cluster are there.
   * @default - the component's name
   */
  clusterName?: string;
  /**
   * Region slug. A change replaces everything.
   * @default `"sgp1"`
   */
  region?: string;
  /**
   * Nomad datacenter. A change replaces every droplet.
   * @default - the region
   */
  datacenter?: string;
  /**
   * Droplets that are server and client: 1, 3 or 5. A change replaces the servers' droplets.
   * @default `3`
   */
  serverCount?: number;
  /**
   * Further droplets that are only client. A change leaves the other droplets alone.
   * @default `0`
   */
  clientCount?: number;
  /**
   * Droplet size slug. A change powers droplets off, one after another, to give them other CPUs and memory; their disks
   * stay as they are, so that the change can be taken back. A size with a smaller disk than a droplet has is refused.
   * @default `"s-2vcpu-4gb"`
   */
  size?: string;
  /**
   * Debian image: its slug, or the id of one of the account. A change replaces every droplet. One that the account does not
   * have in the region, or that needs more disk than `size` has, is refused.
   * @default `"debian-12-x64"`
   */
  image?: string;
  /**
   * Any text, for example `2026-12`. A change replaces every droplet, one after another, even if nothing else of them changes: it
   * is how the nodes get the image that DigitalOcean has under the same slug today, and Debian's packages of today.
   * Leaving it out again is a change too.
   * @default - none
   */
  rebuild?: string;
  /**
   * Private IPv4 range of the VPC, /16 to /28. One that overlaps with another VPC of the account is refused, in whatever
   * region that is. Another range replaces everything; leaving it out later changes nothing.
   * @default - a free /20 that DigitalOcean chooses
   */
  vpcIpRange?: string;
  /** CIDRs that may use the Nomad API, and SSH if there is an SSH key; the machine that runs Pulumi must be in one of them. */
  operatorCidrs: string[];
  /**
   * Allows `0.0.0.0/0` and `::/0` in `operatorCidrs`. A change leaves the droplets alone.
   * @default `false`
   */
  allowOperatorsFromAnywhere?: boolean;
  /**
   * Ids or MD5 fingerprints of SSH keys that are in the account already, for root. Their order means nothing; any other
   * change replaces every droplet. One that the account does not have is refused.
   *
   * With neither these nor `sshPublicKeys` nobody can log in to a node: no SSH port is open, no password is taken, and the
   * one that DigitalOcean mails does not work. The first key replaces every droplet, and so does taking away the last.
   * @default `[]`
   */
  sshKeys?: string[];
  /**
   * Public keys in OpenSSH's format, such as the content of `id_ed25519.pub`, for root. Each is put into the account, under
   * a name that begins with `clusterName`. A change, but for the comment of a key, replaces every droplet. One that is in the
   * account already is refused: it belongs in `sshKeys`.
   * @default `[]`
   */
  sshPublicKeys?: string[];
  /**
   * Further tags of the droplets. A change leaves the droplets alone.
   * @default `[]`
   */
  tags?: string[];
  /**
   * Nomad version, at least 1.11. A change replaces every droplet.
   * @default `"2.0.7"`
   */
  nomadVersion?: string;
  /**
   * sha256 of that version's `linux_amd64` zip; required with any other version than the default. A change replaces every
   * droplet.
   * @default - that of the default version
   */
  nomadSha256?: string;
  /**
   * Base URL of Nomad's releases, with the layout of the default. A change replaces every droplet.
   * @default `"https://releases.hashicorp.com/nomad"`
   */
  nomadDownloadUrl?: string;
  /**
   * URL under which `debian` and `debian-security` lie. A change replaces every droplet.
   * @default - the image's mirrors
   */
  aptMirror?: string;
  /**
   * URLs of mirrors of Docker Hub. A change replaces every droplet.
   * @default `[]`
   */
  dockerRegistryMirrors?: string[];
  /**
   * Directories that every node offers to jobs, beside `agent-state`; one that is not there is made. Anyone who may deploy
   * jobs may use them: offered `/`, they read every file of a node. A change replaces every droplet.
   * @default `[]`
   */
  hostVolumes?: HostVolume[];
  /**
   * Nomad namespaces beside `default`, for stacks that keep their jobs and Variables apart. A change leaves the droplets
   * alone; Nomad refuses to delete one in which there is still a job or a Variable.
   * @default `[]`
   */
  namespaces?: string[];
  /**
   * Who deploys jobs of their own from other stacks. Each gets a connection in `teamConnections`, whose token may submit
   * jobs, write their Variables and read their logs in the team's namespaces, and mount its host volumes. A change leaves the
   * droplets alone; the token of a team that is taken away is deleted, and what it deployed goes on.
   * @default `[]`
   */
  teams?: ClusterTeam[];
  /**
   * Volumes in the account, each mounted by one node. Named `CLUSTERNAME-NAME` there.
   * @default `[]`
   */
  volumes?: ClusterVolume[];
  /**
   * Whether Pulumi refuses to delete or replace volumes. To remove them set it to false and update, then destroy.
   * @default `true`
   */
  protectVolumes?: boolean;
  /**
   * Whether a droplet that is replaced though the program did not ask for it (`--replace`, `pulumi state taint`) gets the same
   * care as in a roll: it is drained first, and not touched while the cluster cannot spare it. It takes effect with the
   * update after the first, and as long as it is on `pulumi destroy` needs `--run-program`: to do without, set it to false and
   * update, then destroy. A change leaves the droplets alone.
   * @default - whether there are volumes that `protectVolumes` protects
   */
  guardReplacements?: boolean;
  /**
   * TCP ports that everyone may reach on every node. A change leaves the droplets alone.
   * @default `[]`
   */
  publicPorts?: number[];
  /**
   * A load balancer before the nodes, in their VPC. Its port of the nodes is open to it only. Adding it or taking it away
   * leaves the droplets alone. It notices within 12 s that a node's health page says no, so what answers there has to say so that
   * long before it ends, as `Nginx` does with a `shutdownDelay`; a roll gives it 12 s to take a new node.
   * @default - none
   */
  loadBalancer?: ClusterLoadBalancerArgs;
  /**
   * Name by which readers come, in a domain whose zone is at DigitalOcean. It leads to the load balancer, which answers https with
   * a certificate of Let's Encrypt that DigitalOcean issues and renews; without a load balancer it leads to every server's
   * reserved address, and there is no certificate. Other address records of the name are refused. A change leaves the droplets alone.
   * @default - none
   */
  domain?: ClusterDomainArgs;
  /**
   * MiB that jobs need on one node at once; a `size` with less is refused.
   * @default `0`
   */
  memoryForJobs?: number;
  /**
   * Longest wait for a cluster to form or to answer.
   * @default `"15m"`
   */
  readyTimeout?: Duration;
  /**
   * Longest drain of one node before its droplet is replaced; what then still runs there is stopped.
   * @default `"5m"`
   */
  maxDrain?: Duration;
  /**
   * Longest wait for a new droplet to become active, which is deleted after it, then for its node to join, and then for
   * the jobs to run again.
   * @default `"10m"`
   */
  joinTimeout?: Duration;
  /**
   * Goes on when the cluster's droplets exist but no majority of servers answers; otherwise nothing is replaced then. If true,
   * every droplet may be replaced at once, and the cluster's state with them.
   * @default `false`
   */
  replaceUnreachableCluster?: boolean;
  /**
   * Directory, relative to the Pulumi project's, of the encrypted snapshots of Nomad's state, one taken before a rollout
   * replaces its first node.
   * @default `"snapshots"`
   */
  snapshotDirectory?: string;
}
