import { describeAnswer, takesPart } from "../observe/standing.ts";
import type { ServerAnswer } from "../observe/standing.ts";
import { refreshCommand } from "../recovery.ts";
import { nodeNameOf, parseDropletName, parseNodeName } from "../../nodes/names.ts";
import type {
  DeclaredSlot,
  ListedDroplet,
  Observation,
  ObservedNode,
  ObservedServer,
} from "../observe/state.ts";

/**
 * What happens to a slot: `create` has no droplet, `join` has one that Nomad does not know yet, `resize` is powered off
 * and on again.
 */
export type SlotAction = "create" | "join" | "keep" | "resize" | "replace";

export interface SlotDecision {
  readonly declared: DeclaredSlot;
  readonly action: SlotAction;
  /** The node on the slot's droplet. */
  readonly node?: ObservedNode;
  /** The node's server, if it is a peer. */
  readonly server?: ObservedServer;
  /** Nodes on further droplets of the slot: one of all of them is Pulumi's, which one shows when it has joined. */
  readonly duplicates: readonly ObservedNode[];
}

export interface RolloutPlan {
  /** Every declared slot once. A wave begins when every slot of the one before has joined. */
  readonly waves: readonly (readonly SlotDecision[])[];
  /** Nodes of slots no longer declared, to be drained one after another when all waves are through. */
  readonly removals: readonly ObservedNode[];
  /** Peers whose droplets are gone, to be dropped before anything else. */
  readonly deadServers: readonly ObservedServer[];
  /** Nodes whose droplets are gone, to be forgotten. */
  readonly deadNodes: readonly { readonly id: string; readonly name: string }[];
  /** Why this cannot be done at all, and what to do. */
  readonly refusals: readonly string[];
}

/** Decides what happens to each slot, and in which order: a cluster loses at most one server at a time. */
export function planRollout(declared: readonly DeclaredSlot[], observed: Observation): RolloutPlan {
  const decisions = declared.map((slot) => decide(slot, observed));
  const of = (role: DeclaredSlot["role"], ...actions: SlotAction[]) =>
    decisions.filter((decision) => decision.declared.role === role && actions.includes(decision.action));
  const oneByOne = (slots: readonly SlotDecision[]) => slots.map((decision) => [decision]);
  // A server that is down already goes first, and the leader last.
  const urgency = ({ server }: SlotDecision) => (server?.leads ? 2 : server?.healthy ? 1 : 0);
  const waves = [
    ...oneByOne(of("server", "create", "join")),
    of("client", "create", "join", "keep"),
    // One after another too: what Pulumi is told to replace, `--replace`, is no change that can be seen here.
    ...oneByOne(of("server", "keep")),
    ...oneByOne(of("client", "resize", "replace")),
    ...oneByOne(of("server", "resize", "replace").sort((one, other) => urgency(one) - urgency(other))),
  ].filter((wave) => wave.length > 0);

  const names = new Set(observed.droplets.map(nodeNameOf));
  const slots = new Set<string>(declared.map(({ slot }) => slot));
  return {
    waves,
    removals: observed.nodes
      .filter((node) => names.has(node.name) && !slots.has(node.slot))
      .sort((one, other) => one.name.localeCompare(other.name)),
    deadServers: serversWithoutDroplet(observed.servers, observed.droplets, declared),
    // After a change of leader Nomad takes a dead node for ready for five minutes (measured).
    deadNodes: observed.otherNodes.filter(({ name }) => isClusterNode(name, declared)),
    refusals: planRefusals(decisions, observed),
  };
}

/** What is decided of the slot, and the slots that come before it. */
export function turnOf({ waves }: RolloutPlan, slot: string): { decision: SlotDecision; before: string[] } {
  const is = ({ declared }: SlotDecision) => declared.slot === slot;
  const turn = waves.findIndex((wave) => wave.some(is));
  return {
    decision: waves[turn]!.find(is)!,
    before: waves.slice(0, turn).flatMap((wave) => wave.map(({ declared }) => declared.slot)),
  };
}

/** True for the names of nodes that are still there when the rollout is done. */
export function staysIn({ waves, removals }: RolloutPlan): (nodeName: string) => boolean {
  const changing = waves.flat().filter(({ action }) => action === "replace" || action === "resize");
  const leaving = new Set([...changing.map(({ node }) => node?.name), ...removals.map(({ name }) => name)]);
  return (nodeName) => !leaving.has(nodeName);
}

/**
 * Why the server on the node `nodeName` must not go now, or undefined if it may. Every other server has to be healthy
 * and to answer by itself, since gossip takes more than half a minute to notice a death (measured), and they have to be
 * a majority without it.
 */
export function departureRefusal(
  nodeName: string,
  servers: readonly ObservedServer[],
  otherAnswers: readonly ServerAnswer[] = [],
): string | undefined {
  const others = servers.filter((server) => server.name !== nodeName);
  const reasons = [
    ...others
      .filter((server) => !server.healthy)
      .map(({ name, id }) => `${name || `the server with Raft id ${id}`} is not healthy`),
    ...otherAnswers.filter((answer) => !takesPart(answer)).map(describeAnswer),
  ];
  if (reasons.length > 0)
    return (
      `${reasons.join(", ")}, and the cluster cannot spare another server. Start the agent there again ("systemctl ` +
      'status nomad" and "journalctl -u nomad" on the node say why it is down), or delete that droplet in the account ' +
      `and run \`${refreshCommand}\`; then run \`pulumi up\` again`
    );
  const majority = Math.floor(servers.length / 2) + 1;
  if (servers.length === others.length || others.length >= majority) return undefined;
  return (
    `of ${servers.length} servers ${others.length} would be left, which is no majority: the cluster's state would be lost. ` +
    "Set serverCount to 3 and run `pulumi up`, which adds servers before it replaces this one"
  );
}

/** Peers whose droplets are gone. */
export function serversWithoutDroplet(
  servers: readonly ObservedServer[],
  droplets: readonly ListedDroplet[],
  declared: readonly DeclaredSlot[],
): ObservedServer[] {
  const names = new Set(droplets.map(nodeNameOf));
  // Gossip may still take it for alive; without a name it is dead only if gossip says so.
  return servers.filter(({ name, alive }) =>
    name === "" ? !alive : !names.has(name) && isClusterNode(name, declared),
  );
}

/** True for names of nodes on droplets of the cluster; an agent that an operator runs elsewhere is none of them. */
function isClusterNode(name: string, declared: readonly DeclaredSlot[]): boolean {
  const clusterName = parseNodeName(name)?.clusterName;
  return (
    clusterName !== undefined &&
    declared.some(({ dropletName }) => parseDropletName(dropletName)?.clusterName === clusterName)
  );
}

function decide(declared: DeclaredSlot, { droplets, nodes, servers }: Observation): SlotDecision {
  const own = droplets.filter(({ name }) => name === declared.dropletName);
  const nodeOn = (droplet: ListedDroplet) => nodes.find(({ name }) => name === nodeNameOf(droplet));
  const droplet = own.find((candidate) => nodeOn(candidate)?.ready) ?? own.find(nodeOn) ?? own[0];
  if (!droplet) return { declared, action: "create", duplicates: [] };
  const node = nodeOn(droplet);
  if (!node) return { declared, action: "join", duplicates: [] };
  const duplicates = own.filter((other) => other !== droplet).flatMap((other) => nodeOn(other) ?? []);
  const server = servers.find(({ name }) => name === node.name);
  const action = node.spec !== declared.spec ? "replace" : droplet.size !== declared.size ? "resize" : "keep";
  return { declared, action, node, ...(server && { server }), duplicates };
}

function planRefusals(decisions: readonly SlotDecision[], { servers }: Observation): string[] {
  const declaredServers = decisions.filter(({ declared }) => declared.role === "server");
  const [only] = declaredServers;
  if (declaredServers.length > 1 || only?.action !== "replace" || !only.server) return [];
  if (servers.length > 1)
    return [
      `serverCount: going from ${servers.length} servers to 1 would replace ${only.declared.slot} by a server that starts ` +
        "a cluster of its own, without the state of this one. Keep 3 servers, or save a snapshot, make a new stack with " +
        "one server and restore the snapshot there",
    ];
  const refusal = departureRefusal(only.server.name, servers);
  return refusal === undefined ? [] : [`${only.declared.slot}: ${refusal}`];
}
