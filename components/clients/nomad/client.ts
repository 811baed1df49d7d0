import { createHash } from "node:crypto";
import type {
  AllocationListEntry,
  AutopilotHealth,
  GossipKeys,
  JobAllocation,
  JobDeployment,
  JobDetail,
  JobEvaluation,
  JobListEntry,
  JobPlan,
  NodeAllocation,
  NodeDetail,
  NodeListEntry,
  NodeOffer,
  RaftPeer,
} from "./types.ts";
import { ApiError, jsonOf } from "../request.ts";
import { nomadRequest } from "./request.ts";
import type { NomadClientOptions } from "./request.ts";

/** A state snapshot can take longer than an ordinary answer. */
const snapshotTimeout = 60_000;

/** The calls of Nomad's HTTP API that this project makes itself; all else goes through the Nomad provider. */
export class NomadClient {
  readonly #options: NomadClientOptions;

  constructor(options: NomadClientOptions) {
    this.#options = options;
  }

  /** Address of the leader, or an empty text while there is none. Needs no token. */
  leader(): Promise<string> {
    return this.#call<string>("GET", "/v1/status/leader");
  }

  /** Addresses of the servers in the Raft peer set, as the leader has it. Needs no token. */
  peers(): Promise<string[]> {
    return this.#call<string[]>("GET", "/v1/status/peers");
  }

  /** Peer set and leader as the agent itself knows them, which needs neither a leader nor a token. */
  async staleView(): Promise<{ leader: string; peers: string[] }> {
    const [leader, peers] = await Promise.all([
      this.#call<string>("GET", "/v1/status/leader?stale"),
      this.#call<string[]>("GET", "/v1/status/peers?stale"),
    ]);
    return { leader, peers };
  }

  /** `NODE.REGION` of the server that answers. */
  async serverName(): Promise<string> {
    const { member } = await this.#call<{ member: { Name: string } }>("GET", "/v1/agent/self");
    return member.Name;
  }

  nodes(): Promise<NodeListEntry[]> {
    return this.#call<NodeListEntry[]>("GET", "/v1/nodes");
  }

  nodeOffers(): Promise<NodeOffer[]> {
    return this.#call<NodeOffer[]>("GET", "/v1/nodes");
  }

  node(id: string): Promise<NodeDetail> {
    return this.#call<NodeDetail>("GET", `/v1/node/${id}`);
  }

  nodeAllocations(id: string): Promise<NodeAllocation[]> {
    return this.#call<NodeAllocation[]>("GET", `/v1/node/${id}/allocations`);
  }

  /**
   * Moves the node's allocations away, system jobs last, and leaves the node ineligible. `deadline` is in nanoseconds,
   * after it what is left is stopped; -1 stops everything at once. `meta` is kept in the node's `LastDrain`.
   */
  async drain(id: string, deadline: number, meta: Record<string, string>): Promise<void> {
    const DrainSpec = { Deadline: deadline, IgnoreSystemJobs: false };
    await this.#call("POST", `/v1/node/${id}/drain`, { DrainSpec, Meta: meta });
  }

  /** Ends a drain, if there is one, and lets the node take allocations again. */
  async endDrain(id: string): Promise<void> {
    await this.#call("POST", `/v1/node/${id}/drain`, { DrainSpec: null, MarkEligible: true });
  }

  /**
   * Sets the node's state to what it is. Raft takes no snapshot while its newest entry is a change of peers; this is the
   * write that lets it.
   */
  async touch({ ID, SchedulingEligibility }: NodeDetail): Promise<void> {
    const MarkEligible = SchedulingEligibility === "eligible";
    await this.#call("POST", `/v1/node/${ID}/drain`, { DrainSpec: null, MarkEligible });
  }

  /** Forgets a node that is gone for good; what ran there is lost and placed again. */
  async purgeNode(id: string): Promise<void> {
    await this.#call("POST", `/v1/node/${id}/purge`);
  }

  /** Health of the servers. Nomad answers 429 while one is unhealthy, with the same body. */
  async autopilotHealth(): Promise<AutopilotHealth> {
    try {
      return await this.#call<AutopilotHealth>("GET", "/v1/operator/autopilot/health");
    } catch (error) {
      if (error instanceof ApiError && error.status === 429) return JSON.parse(error.body) as AutopilotHealth;
      throw error;
    }
  }

  async raftPeers(): Promise<RaftPeer[]> {
    const { Servers } = await this.#call<{ Servers: RaftPeer[] | null }>(
      "GET",
      "/v1/operator/raft/configuration",
    );
    return Servers ?? [];
  }

  /** Makes the voter with this Raft id the leader. */
  async transferLeadership(raftId: string): Promise<void> {
    await this.#call("POST", `/v1/operator/raft/transfer-leadership?id=${raftId}`);
  }

  async removePeer(raftId: string): Promise<void> {
    await this.#call("DELETE", `/v1/operator/raft/peer?id=${raftId}`);
  }

  /**
   * Tells the servers that a server leaves gossip, so that it counts as left once it no longer answers. `name` is
   * `NODE.REGION`. Without `prune`: a member that is pruned before its death was noticed stays in the list of servers
   * that clients get, and a client that turns to it waits and misses its heartbeat (measured, Nomad 1.11.3).
   */
  async forceLeave(name: string): Promise<void> {
    await this.#call("POST", `/v1/agent/force-leave?node=${encodeURIComponent(name)}`);
  }

  /** Keys of the servers' gossip. This and the next three fail with status 500 if a server does not answer. */
  gossipKeys(): Promise<GossipKeys> {
    return this.#call<GossipKeys>("GET", "/v1/agent/keyring/list");
  }

  /** Lets every server read what is encrypted with the key, in base64. */
  async installGossipKey(key: string): Promise<void> {
    await this.#call("PUT", "/v1/agent/keyring/install", { Key: key });
  }

  /** Lets every server encrypt with the key, which must be installed. */
  async useGossipKey(key: string): Promise<void> {
    await this.#call("PUT", "/v1/agent/keyring/use", { Key: key });
  }

  /** Lets every server forget the key, which must not be in use. */
  async removeGossipKey(key: string): Promise<void> {
    await this.#call("PUT", "/v1/agent/keyring/remove", { Key: key });
  }

  /** Jobs of every namespace. */
  jobs(): Promise<JobListEntry[]> {
    return this.#call<JobListEntry[]>("GET", "/v1/jobs?namespace=*");
  }

  /** Allocations of every namespace. */
  allocations(): Promise<AllocationListEntry[]> {
    return this.#call<AllocationListEntry[]>("GET", "/v1/allocations?namespace=*");
  }

  jobEvaluations(id: string, namespace: string): Promise<JobEvaluation[]> {
    return this.#call<JobEvaluation[]>("GET", jobPath(id, "/evaluations", namespace));
  }

  /** The job as it is registered, in the JSON that it can be planned with. Fails with status 404 if there is none. */
  job(id: string, namespace: string): Promise<JobDetail> {
    return this.#call<JobDetail>("GET", jobPath(id, "", namespace));
  }

  /** The newest deployment that Nomad has not forgotten; null if there is none. */
  latestDeployment(id: string, namespace: string): Promise<JobDeployment | null> {
    return this.#call<JobDeployment | null>("GET", jobPath(id, "/deployment", namespace));
  }

  /** Allocations of every job that ever had this id and is not forgotten. */
  jobAllocations(id: string, namespace: string): Promise<JobAllocation[]> {
    return this.#call<JobAllocation[]>("GET", jobPath(id, "/allocations", namespace));
  }

  /** What Nomad would do if the job, in Nomad's JSON, were registered. Changes nothing. */
  planJob(id: string, namespace: string, job: object): Promise<JobPlan> {
    return this.#call<JobPlan>("POST", jobPath(id, "/plan", namespace), { Job: job, Diff: true });
  }

  /** Nomad's whole state, with its keys in the clear, checked against the digest that Nomad gives with it. */
  async snapshot(): Promise<Buffer> {
    const { headers, body } = await nomadRequest(
      { ...this.#options, timeout: snapshotTimeout },
      "GET",
      "/v1/operator/snapshot",
    );
    const digest = `sha-256=${createHash("sha256").update(body).digest("base64")}`;
    if (headers["digest"] !== digest)
      throw new Error(
        `GET /v1/operator/snapshot: ${body.length} bytes came, but not those of the digest ${String(headers["digest"])}; try again`,
      );
    return body;
  }

  /** True if Nomad knows the client's token. */
  async tokenIsKnown(): Promise<boolean> {
    try {
      await this.#call("GET", "/v1/acl/token/self");
      return true;
    } catch (error) {
      if (error instanceof ApiError && error.status === 403) return false;
      throw error;
    }
  }

  /** Makes `secret`, a UUID, the management token. Fails with status 400 once any token was bootstrapped. */
  async bootstrapAcl(secret: string): Promise<void> {
    await this.#call("POST", "/v1/acl/bootstrap", { BootstrapSecret: secret });
  }

  async #call<Answer>(method: string, path: string, content?: object): Promise<Answer> {
    return jsonOf(await nomadRequest(this.#options, method, path, content));
  }
}

function jobPath(id: string, part: string, namespace: string): string {
  return `/v1/job/${encodeURIComponent(id)}${part}?namespace=${encodeURIComponent(namespace)}`;
}
