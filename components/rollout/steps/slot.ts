import { othersHealthy } from "./quorum.ts";
import { gossipKeyShared, otherGossipKeysRemoved } from "./gossip-key.ts";
import { jobsInFull, jobsRunAgain } from "./jobs.ts";
import type { RunningJob } from "./jobs.ts";
import { drainNode, nodeJoined, purgeNodes, undrainNode } from "./node.ts";
import { observeServers } from "../observe/observe.ts";
import { poll } from "../poll.ts";
import type { RolloutCluster, RolloutReport, RolloutSettings } from "../context.ts";
import { isNodeOf, nodeNameOf } from "../../nodes/names.ts";
import type { ListedDroplet, ObservedNode } from "../observe/state.ts";
import { staysIn } from "../plan/plan.ts";
import type { RolloutPlan, SlotDecision } from "../plan/plan.ts";
import type { RolloutWaits } from "../timeouts.ts";
import { dropServers, handOverLeadership, removePeer, serverServes, stateSaved } from "./server.ts";

/** What is done before a slot's droplet changes and after, in a cluster that was there before. */
export class SlotSteps {
  readonly #cluster: RolloutCluster;
  readonly #plan: RolloutPlan;
  readonly #settings: RolloutSettings;
  readonly #waits: RolloutWaits;
  readonly #report: RolloutReport;
  readonly #jobs = new Map<string, readonly RunningJob[]>();
  /** Nodes whose servers were taken out of the peers, by slot; until they stop they may come back for a moment. */
  readonly #removed = new Map<string, string>();
  #snapshot: Promise<void> | undefined;
  /** Whether the servers know gossip keys that are not this stack's; undefined until they could be asked. */
  #hasOldGossipKeys: boolean | undefined;

  constructor(
    cluster: RolloutCluster,
    plan: RolloutPlan,
    settings: RolloutSettings,
    waits: RolloutWaits,
    report: RolloutReport,
  ) {
    this.#cluster = cluster;
    this.#plan = plan;
    this.#settings = settings;
    this.#waits = waits;
    this.#report = report;
  }

  /** Lets the servers take the gossip key that new droplets have. */
  async shareGossipKey(): Promise<void> {
    const { ask, gossipKey } = this.#cluster;
    this.#hasOldGossipKeys ??= !(await gossipKeyShared(ask, gossipKey));
  }

  /** Lets them forget every other one, when no droplet needs it any more. True if there was one. */
  async removeOldGossipKeys(): Promise<boolean> {
    if (this.#hasOldGossipKeys !== true) return false;
    const { ask, gossipKey } = this.#cluster;
    await otherGossipKeysRemoved(ask, gossipKey, this.#waits.joining(""));
    return true;
  }

  /** All that must be done before the droplet changes. */
  async prepare({ declared, action, node, duplicates }: SlotDecision): Promise<void> {
    const { ask, saveSnapshot } = this.#cluster;
    const { slot, role } = declared;
    if (action === "keep") return;
    this.#jobs.set(slot, await poll("reading the jobs", () => jobsInFull(ask), this.#waits.settling(slot)));
    if ((action !== "replace" && action !== "resize") || !node) return;
    const servers = role === "server" ? await observeServers(ask) : [];
    // Powering the only server off loses nothing, and there is nobody to hand anything over to.
    const alone = action === "resize" && servers.length === 1;
    if (role === "server" && !alone) await this.#othersHealthy(slot, node.name);
    if (role === "server" && action === "replace") {
      await poll("sharing the gossip key", () => this.shareGossipKey(), this.#waits.joining(slot));
    }
    this.#snapshot ??= stateSaved(ask, saveSnapshot, node.id, this.#waits.settling(slot)).then((file) =>
      this.#report.notice(`Nomad's state is kept in ${file}`),
    );
    await this.#snapshot;
    for (const { id, name } of [node, ...duplicates]) {
      await drainNode(ask, id, this.#settings.maxDrain, this.#waits.telling(slot));
      if (role === "server" && !alone)
        await handOverLeadership(ask, name, staysIn(this.#plan), this.#waits.joining(slot));
    }
  }

  /** All that must be true before the next slot's turn. */
  async settle(
    { declared, action, node, server }: SlotDecision,
    nodeName: string,
    duplicates: readonly ListedDroplet[],
  ): Promise<void> {
    const { ask } = this.#cluster;
    const { slot, dropletName } = declared;
    const isServer = declared.role === "server";
    if (action === "keep" && node?.name === nodeName) {
      if (node.drained) await undrainNode(ask, nodeName, this.#waits.settling(slot));
      // A server whose node is down would only be waited for in vain; the check before the next replacement tells.
      if (!isServer || !node.ready || server?.healthy) return;
    }
    if (node?.name !== nodeName) {
      // The old droplet is gone by now.
      const there = [nodeName, ...duplicates.map(nodeNameOf)];
      const isOld = (name: string) => !there.includes(name) && isNodeOf(dropletName, name);
      if (isServer)
        await dropServers(
          ask,
          ({ id, name }) => isOld(name) || (id === server?.id && !there.includes(name)),
          this.#settings.region,
          this.#waits.joining(slot),
        );
      await purgeNodes(ask, ({ name }) => isOld(name), this.#waits.settling(slot));
    }
    await nodeJoined(ask, { nodeName, isServer }, this.#waits.joining(slot));
    if (isServer) await this.#serves(slot);
    await jobsRunAgain(ask, this.#jobs.get(slot) ?? [], this.#waits.joining(slot));
  }

  /** Takes a second droplet of the slot out of service, lets it be deleted, and forgets it. */
  async removeDuplicate(slot: string, duplicate: ListedDroplet, deleted: () => Promise<void>): Promise<void> {
    const { ask } = this.#cluster;
    const name = nodeNameOf(duplicate);
    const node = (await ask((server) => server.nodes())).find(({ Name }) => Name === name);
    if (node) await this.takeOutOfService({ id: node.ID, name, slot });
    await deleted();
    // What the slot has now is no server on its way out.
    this.#removed.delete(slot);
    await dropServers(
      ask,
      (server) => server.name === name,
      this.#settings.region,
      this.#waits.joining(slot),
    );
    await purgeNodes(ask, (dead) => dead.name === name, this.#waits.settling(slot));
  }

  /** Takes a node out of service whose droplet is to be deleted: by Pulumi afterwards, if its slot is no longer declared. */
  async takeOutOfService({ id, name, slot }: Pick<ObservedNode, "id" | "name" | "slot">): Promise<void> {
    const { ask } = this.#cluster;
    const isPeer = async () => (await observeServers(ask)).some((server) => server.name === name);
    if (await isPeer()) await this.#othersHealthy(slot, name);
    await drainNode(ask, id, this.#settings.maxDrain, this.#waits.telling(slot));
    if (!(await isPeer())) return;
    await handOverLeadership(ask, name, staysIn(this.#plan), this.#waits.joining(slot));
    await removePeer(ask, name, this.#waits.joining(slot));
    this.#removed.set(slot, name);
  }

  /** Resolves when the slot's server may go. */
  async #othersHealthy(slot: string, nodeName: string): Promise<void> {
    const dropping = { region: this.#settings.region, ...this.#waits.joining(slot) };
    await othersHealthy(
      this.#cluster,
      { slot, nodeName },
      this.#removed,
      dropping,
      this.#waits.settling(slot),
    );
  }

  /** Resolves when the slot's own agent serves requests. */
  async #serves(slot: string): Promise<void> {
    const own = this.#cluster.agents.filter((agent) => agent.slot === slot);
    await serverServes(
      own.flatMap(({ addresses }) => addresses),
      this.#waits.joining(slot),
    );
  }
}
