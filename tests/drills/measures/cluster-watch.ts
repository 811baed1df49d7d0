import { setTimeout as delay } from "node:timers/promises";
import { NomadClient } from "../../../components/clients/nomad/client.ts";
import type { NomadClientOptions } from "../../../components/clients/nomad/request.ts";
import { failover } from "../../../components/rollout/failover.ts";
import type { WithFailover } from "../../../components/rollout/failover.ts";
import { nodeNameOfServer } from "../../../components/nodes/names.ts";
import { nomadRequest } from "../../../components/clients/nomad/request.ts";
import type { AgentView, ServersSample } from "./server-health.ts";

/** Milliseconds from one look at the servers to the next. */
const interval = 250;
/** Milliseconds for one agent's answer. */
const timeout = 2_000;

interface AgentSelf {
  readonly member: { readonly Name: string };
  readonly stats: { readonly raft?: { readonly state: string; readonly term: string } };
}

interface DrainedNode {
  readonly Name: string;
  readonly LastDrain: { readonly StartedAt: string } | null;
}

interface VersionedJob {
  readonly ID: string;
  readonly Version: number;
}

/** What was seen of the nodes, by name. Times are in milliseconds since 1970. */
export interface WatchedNodes {
  /** When Nomad first listed it. */
  readonly firstSeen: ReadonlyMap<string, number>;
  /** When its first drain began. */
  readonly drained: ReadonlyMap<string, number>;
}

/** Asks every server agent itself, again and again, what it knows of the cluster. */
export class ClusterWatch {
  readonly #agents: readonly NomadClientOptions[];
  readonly #withFailover: WithFailover;
  readonly #samples: ServersSample[] = [];
  readonly #firstSeen = new Map<string, number>();
  readonly #drained = new Map<string, number>();
  readonly #end = new AbortController();
  readonly #done: Promise<void>;

  /** `addresses` are URLs of the servers' APIs, at addresses that outlive their droplets. */
  constructor(addresses: readonly string[], access: Pick<NomadClientOptions, "caCertificate" | "token">) {
    this.#agents = addresses.map((address) => ({ ...access, address, timeout }));
    this.#withFailover = failover(this.#agents.map((options) => new NomadClient(options)));
    this.#done = this.#watch();
  }

  end(): void {
    this.#end.abort();
  }

  /** All that was seen; for after the end. */
  async seen(): Promise<{ samples: readonly ServersSample[]; nodes: WatchedNodes }> {
    await this.#done;
    return { samples: this.#samples, nodes: { firstSeen: this.#firstSeen, drained: this.#drained } };
  }

  /** Name of the node on which the job runs, or of one of them. */
  async nodeOf(job: string): Promise<string | undefined> {
    const [nodes, allocations] = await Promise.all([
      this.#withFailover((server) => server.nodes()),
      this.#withFailover((server) => server.allocations()),
    ]);
    const running = allocations.find(
      ({ JobID, ClientStatus }) => JobID === job && ClientStatus === "running",
    );
    return nodes.find(({ ID }) => ID === running?.NodeID)?.Name;
  }

  /** Version of each job, by id. */
  async jobVersions(): Promise<Map<string, number>> {
    const jobs = (await this.#withFailover((server) => server.jobs())) as unknown as readonly VersionedJob[];
    return new Map(jobs.map(({ ID, Version }) => [ID, Version]));
  }

  async #watch(): Promise<void> {
    while (!this.#end.signal.aborted) await Promise.all([this.#sample(), delay(interval)]);
  }

  async #sample(): Promise<void> {
    const at = Date.now();
    const [agents, voters] = await Promise.all([
      Promise.all(this.#agents.map((options) => this.#agent(options))),
      this.#voters(),
      this.#nodes(at),
    ]);
    this.#samples.push({
      at,
      agents: agents.filter((agent) => agent !== undefined),
      ...(voters && { voters }),
    });
  }

  /** Undefined if it does not answer: it is being replaced, or starts. */
  async #agent(options: NomadClientOptions): Promise<AgentView | undefined> {
    try {
      const [{ leader }, self] = await Promise.all([
        new NomadClient(options).staleView(),
        nomadRequest(options, "GET", "/v1/agent/self"),
      ]);
      const { member, stats } = JSON.parse(self.body.toString("utf8")) as AgentSelf;
      const { state = "", term = "" } = stats.raft ?? {};
      return { node: nodeNameOfServer(member.Name), leader, term, leads: state === "Leader" };
    } catch {
      return undefined;
    }
  }

  /** Undefined while there is no leader to ask. */
  async #voters(): Promise<string[] | undefined> {
    try {
      const peers = await this.#withFailover((server) => server.raftPeers());
      return peers.filter(({ Voter }) => Voter).map(({ Node }) => nodeNameOfServer(Node));
    } catch {
      return undefined;
    }
  }

  async #nodes(at: number): Promise<void> {
    let listed: readonly DrainedNode[];
    try {
      listed = (await this.#withFailover((server) => server.nodes())) as unknown as readonly DrainedNode[];
    } catch {
      // The next look tells.
      return;
    }
    for (const { Name, LastDrain } of listed) {
      if (!this.#firstSeen.has(Name)) this.#firstSeen.set(Name, at);
      const drainedAt = Date.parse(LastDrain?.StartedAt ?? "");
      if (!Number.isNaN(drainedAt) && !this.#drained.has(Name)) this.#drained.set(Name, drainedAt);
    }
  }
}
