import { isNodeOf, nodeNameOf, parseSlot } from "../../nodes/names.ts";
import type { Slot } from "../../nodes/names.ts";
import { rolloutTimeouts } from "../context.ts";
import type { RolloutContext, RolloutOptions, Timeouts } from "../context.ts";
import type { ClusterDroplet } from "../observe/account-droplets.ts";
import type { NodeState } from "../observe/cluster-state.ts";
import { readServers } from "../observe/read-cluster.ts";
import { lastReceiver, staysIn } from "../plan/plan.ts";
import type { RolloutPlan, SlotDecision } from "../plan/plan.ts";
import { poll } from "../poll.ts";
import { waitForBalancer } from "./balancer.ts";
import { shutDownAndWait } from "./droplet-shutdown.ts";
import { removeOtherGossipKeys, shareGossipKey } from "./gossip-key.ts";
import { fullyRunningJobs, jobsBoundTo, waitForJobs } from "./jobs.ts";
import type { RunningJob } from "./jobs.ts";
import { drainNode, purgeNodes, undrainNode, waitForNode } from "./node.ts";
import { waitForQuorumWithout } from "./quorum.ts";
import { dropServers, handOverLeadership, removePeer, saveState, waitForServer } from "./server.ts";

/** The rollout of a cluster that was running before the update. */
export interface RunningRollout {
  readonly plan: RolloutPlan;
  readonly replacer: SlotReplacer;
  /** True if it had no management token, so that nobody can have submitted a job. */
  readonly isUnused: boolean;
}

/** What is done before a slot's droplet changes and after, in a cluster that was running before. */
export class SlotReplacer {
  readonly #context: RolloutContext;
  readonly #plan: RolloutPlan;
  readonly #options: RolloutOptions;
  readonly #poweredOn: ReadonlySet<string>;
  readonly #timeouts: Timeouts;
  /** Jobs that must run after the slot's turn. */
  readonly #jobs = new Map<Slot, readonly RunningJob[]>();
  /** Nodes whose servers were taken out of the peers, by slot; until they stop they may come back for a moment. */
  readonly #removed = new Map<string, string>();
  #snapshot: Promise<void> | undefined;
  /** Whether the servers know gossip keys that are not this stack's; undefined until they could be asked. */
  #hasOldGossipKeys: boolean | undefined;

  /** `poweredOn` are the names of nodes whose droplets were off when the update began and are on now. */
  constructor(
    context: RolloutContext,
    plan: RolloutPlan,
    options: RolloutOptions,
    poweredOn: ReadonlySet<string>,
  ) {
    this.#context = context;
    this.#plan = plan;
    this.#poweredOn = poweredOn;
    this.#options = options;
    this.#timeouts = rolloutTimeouts(options);
  }

  /** Gives the servers the gossip key that new droplets have. */
  async shareGossipKey(): Promise<void> {
    const { withFailover, gossipKey } = this.#context;
    this.#hasOldGossipKeys ??= !(await shareGossipKey(withFailover, gossipKey));
  }

  /** Removes every other key, which no droplet needs any more. True if there was one. */
  async removeOldGossipKeys(): Promise<boolean> {
    if (this.#hasOldGossipKeys !== true) return false;
    const { withFailover, gossipKey } = this.#context;
    await removeOtherGossipKeys(withFailover, gossipKey, this.#timeouts.join());
    return true;
  }

  /** All that must be done before the droplet changes. */
  async beforeReplace({ desired, action, node, duplicates }: SlotDecision): Promise<void> {
    const { withFailover, saveSnapshot } = this.#context;
    const { slot, role } = desired;
    if (action === "keep") return;
    const settle = this.#timeouts.settle(slot);
    await poll("reading the jobs", () => this.#rememberJobs(slot, node?.name).then(() => true), settle);
    if ((action !== "replace" && action !== "resize") || !node) return;
    const servers = role === "server" ? await readServers(withFailover) : [];
    // Powering the only server off loses nothing, and no other server could take over.
    const alone = action === "resize" && servers.length === 1;
    if (role === "server" && !alone) await this.#waitForQuorumWithout(slot, node.name);
    if (role === "server" && action === "replace") {
      await poll("sharing the gossip key", () => this.shareGossipKey(), this.#timeouts.join(slot));
    }
    this.#snapshot ??= saveState(withFailover, saveSnapshot, node.id, settle).then((file) =>
      this.#options.logger.info(`Nomad's state is kept in ${file}`),
    );
    await this.#snapshot;
    for (const { id, name } of [node, ...duplicates]) {
      await drainNode(withFailover, id, this.#options.maxDrain, this.#timeouts.none(slot));
      if (role === "server" && !alone)
        await handOverLeadership(withFailover, name, staysIn(this.#plan), this.#timeouts.join(slot));
    }
  }

  /** All that must be true before the next slot's turn. */
  async afterReplace(
    { desired, action, node, server }: SlotDecision,
    nodeName: string,
    duplicates: readonly ClusterDroplet[],
  ): Promise<void> {
    const { withFailover } = this.#context;
    const { slot, dropletName } = desired;
    const isServer = desired.role === "server";
    const join = this.#timeouts.join(slot);
    const settle = this.#timeouts.settle(slot);
    if (action === "keep" && node?.name === nodeName) {
      if (node.drained) await undrainNode(withFailover, nodeName, settle);
      // Waiting cannot help a server whose node is down; the check before the next replacement reports it.
      if (!this.#poweredOn.has(nodeName) && (!isServer || !node.ready || server?.healthy)) return;
    }
    if (node?.name !== nodeName) {
      // The old droplet is gone by now.
      const present = [nodeName, ...duplicates.map(nodeNameOf)];
      const isOld = (name: string) => !present.includes(name) && isNodeOf(dropletName, name);
      if (isServer)
        await dropServers(
          withFailover,
          ({ id, name }) => isOld(name) || (id === server?.id && !present.includes(name)),
          this.#options.region,
          join,
        );
      await purgeNodes(withFailover, ({ name }) => isOld(name), settle);
    }
    await waitForNode(withFailover, { nodeName, isServer }, join);
    if (isServer) {
      const own = this.#context.agents.filter((agent) => agent.slot === slot);
      await waitForServer(
        own.flatMap(({ clients }) => clients),
        join,
      );
    }
    await waitForJobs(withFailover, this.#jobs.get(slot) ?? [], join);
    await waitForBalancer(this.#options.balancerNotice, this.#timeouts.none(slot));
  }

  /** Takes a second droplet of the slot out of service, has it deleted, and forgets it. */
  async removeDuplicate(slot: Slot, duplicate: ClusterDroplet, deleted: () => Promise<void>): Promise<void> {
    const { withFailover } = this.#context;
    const name = nodeNameOf(duplicate);
    const node = (await withFailover((server) => server.nodes())).find(({ Name }) => Name === name);
    if (node) await this.takeOutOfService({ id: node.ID, name, slot });
    await deleted();
    // The server that the slot has now is not on its way out.
    this.#removed.delete(slot);
    await dropServers(
      withFailover,
      (server) => server.name === name,
      this.#options.region,
      this.#timeouts.join(slot),
    );
    await purgeNodes(withFailover, (dead) => dead.name === name, this.#timeouts.settle(slot));
  }

  /** Takes a node out of service whose droplet is to be deleted: afterwards by Pulumi, if its slot is no longer desired. */
  async takeOutOfService({ id, name, slot }: Pick<NodeState, "id" | "name" | "slot">): Promise<void> {
    const { withFailover, account } = this.#context;
    const join = this.#timeouts.join(slot);
    const waitUntilSpared = async () => {
      const isPeer = (await readServers(withFailover)).some((server) => server.name === name);
      if (isPeer) await this.#waitForQuorumWithout(slot, name);
    };
    await waitUntilSpared();
    await drainNode(withFailover, id, this.#options.maxDrain, this.#timeouts.none(slot));
    if (parseSlot(slot)?.role !== "server") return;
    await handOverLeadership(withFailover, name, staysIn(this.#plan), join);
    if (await account.hasToken()) {
      // The leader takes a server in again while its agent runs, so that goes first. The drain may have taken an hour.
      await waitUntilSpared();
      await shutDownAndWait(account, name, this.#options, join);
      await dropServers(withFailover, (server) => server.name === name, this.#options.region, join);
    } else await removePeer(withFailover, name, join);
    this.#removed.set(slot, name);
  }

  /** A job that only a volume of this node lets run is back when its volume's next node has joined. */
  async #rememberJobs(slot: Slot, nodeName: string | undefined): Promise<void> {
    const { withFailover } = this.#context;
    const running = await fullyRunningJobs(withFailover);
    const receiver = lastReceiver(this.#plan, slot);
    const later =
      receiver === undefined || nodeName === undefined
        ? []
        : await jobsBoundTo(withFailover, nodeName, running);
    const before = this.#jobs.get(slot) ?? [];
    this.#jobs.set(slot, [...before, ...running.filter((job) => !later.includes(job))]);
    if (receiver !== undefined) this.#jobs.set(receiver, [...(this.#jobs.get(receiver) ?? []), ...later]);
  }

  async #waitForQuorumWithout(slot: string, nodeName: string): Promise<void> {
    const { join, settle } = this.#timeouts;
    const dropping = { region: this.#options.region, ...join(slot) };
    await waitForQuorumWithout({ slot, nodeName }, this.#context, this.#removed, dropping, settle(slot));
  }
}
