import type { Slot } from "../../../components/nodes/names.ts";
import type {
  AllocationListEntry,
  AutopilotHealth,
  JobDetail,
  JobListEntry,
  NodeListEntry,
  NodeOffer,
  RaftPeer,
} from "../../../components/clients/nomad/types.ts";

/** A node of the fake Nomad, with its server. */
export interface Member {
  readonly id: string;
  readonly slot: Slot;
  readonly name: string;
  spec: string;
  eligible: boolean;
  meta: Record<string, string> | null;
  /** False once its droplet is gone: the node is down, but the server stays a peer until it is dropped. */
  present: boolean;
  /** True once its droplet has shut down: the node is down too. */
  isOff: boolean;
  peer: boolean;
  /** Gossip keys, the one that encrypts first. */
  keys: string[];
  /** Whether its droplet has the volume. */
  hasVolume: boolean;
}

/** True while its agent runs. */
export const isUp = ({ present, isOff }: Member): boolean => present && !isOff;

export function nodeEntry(member: Member): NodeListEntry {
  return {
    ID: member.id,
    Name: member.name,
    Status: isUp(member) ? "ready" : "down",
    SchedulingEligibility: member.eligible ? "eligible" : "ineligible",
    Drain: false,
    LastDrain: member.meta && { Status: "complete", Meta: member.meta },
  };
}

export function autopilotHealth(peers: readonly Member[], leader: string): AutopilotHealth {
  const Servers = peers.map((member) => ({
    ID: member.id,
    Name: `${member.name}.global`,
    SerfStatus: isUp(member) ? "alive" : "failed",
    Leader: member.name === leader,
    Healthy: isUp(member),
    Voter: true,
  }));
  return { Healthy: Servers.every(({ Healthy }) => Healthy), Servers };
}

export function raftPeers(peers: readonly Member[], leader: string): RaftPeer[] {
  return peers.map(({ id, name }) => ({
    ID: id,
    Node: `${name}.global`,
    Address: `10.104.0.${id}:4647`,
    Leader: name === leader,
    Voter: true,
  }));
}

const volume = "blog-content";

/** The job that runs where the volume is. */
export const volumeJob: JobListEntry = {
  ...{ ID: "ghost", Namespace: "default", Type: "service", Status: "running", Stop: false },
};
export const volumeJobDetail: JobDetail = {
  ...{ Type: "service", Version: 0, JobModifyIndex: 7, Stop: false },
  TaskGroups: [{ Name: "ghost", Count: 1, Volumes: { content: { Type: "host", Source: volume } } }],
};

export function volumeAllocations({ id, hasVolume, eligible }: Member): AllocationListEntry[] {
  const job = {
    ID: "00000000-0000-4000-8000-000000000001",
    JobID: volumeJob.ID,
    Namespace: volumeJob.Namespace,
  };
  const state = { ClientStatus: "running", DesiredStatus: "run" };
  return hasVolume && eligible ? [{ ...job, NodeID: id, ...state }] : [];
}

export function nodeOffer({ name, hasVolume }: Member): NodeOffer {
  const node = { Status: "ready", Datacenter: "sgp1", NodePool: "default", Drivers: null };
  return { Name: name, ...node, HostVolumes: hasVolume ? { [volume]: { ReadOnly: false } } : null };
}
