import { nodeNameOf } from "../../nodes/names.ts";
import type { Slot } from "../../nodes/names.ts";
import type { ClusterDroplet } from "../observe/account-droplets.ts";
import type { ClusterState, DesiredSlot, NodeState, ServerState } from "../observe/cluster-state.ts";
import { giversFirst, volumeMoves } from "./volume-moves.ts";
import type { VolumeMove } from "./volume-moves.ts";
import { stayingOff } from "./powered-off.ts";
import { isClusterNode, quorumViolation, serversWithoutDroplet } from "./quorum.ts";

/**
 * What happens to a slot: `create` has no droplet, `join` has one that Nomad does not know yet, `resize` is powered off
 * and on again.
 */
export type SlotAction = "create" | "join" | "keep" | "resize" | "replace";

export interface SlotDecision {
  readonly desired: DesiredSlot;
  readonly action: SlotAction;
  /** The node on the slot's droplet. */
  readonly node?: NodeState;
  /** The node's server, if it is a peer. */
  readonly server?: ServerState;
  /** Nodes on further droplets of the slot: one of all of them is Pulumi's, which one shows when it has joined. */
  readonly duplicates: readonly NodeState[];
}

export interface RolloutPlan {
  /** Every desired slot once. A wave begins when every slot of the one before has joined. */
  readonly waves: readonly (readonly SlotDecision[])[];
  /** Volumes that go from a slot's droplet to another's. */
  readonly moves: readonly VolumeMove[];
  /** Nodes of slots no longer desired, to be drained one after another after all waves. */
  readonly removals: readonly NodeState[];
  /** Peers whose droplets are gone, to be dropped before anything else. */
  readonly deadServers: readonly ServerState[];
  /** Nodes whose droplets are gone, to be forgotten. */
  readonly deadNodes: readonly { readonly id: string; readonly name: string }[];
  /** Droplets that have lost the cluster's tag and get it back, before anything else. */
  readonly untagged: readonly ClusterDroplet[];
  /** Droplets that are off and stay, to be powered on before any slot's turn. */
  readonly off: readonly ClusterDroplet[];
  /** Names of nodes whose servers answer, though the account lists none of their droplets: this cannot be decided. */
  readonly unlisted: readonly string[];
  /** Why this cannot be done at all, and what to do. */
  readonly refusals: readonly string[];
}

/** Decides what happens to each slot, and in which order: a cluster loses at most one server at a time. */
export function planRollout(desired: readonly DesiredSlot[], observed: ClusterState): RolloutPlan {
  const decisions = desired.map((slot) => decide(slot, observed));
  const of = (role: DesiredSlot["role"], ...actions: SlotAction[]) =>
    decisions.filter((decision) => decision.desired.role === role && actions.includes(decision.action));
  const oneByOne = (slots: readonly SlotDecision[]) => slots.map((decision) => [decision]);
  const moves = volumeMoves(desired, observed.droplets);
  // A server that is down already goes first, and the leader last.
  const urgency = ({ server }: SlotDecision) => (server?.leads ? 2 : server?.healthy ? 1 : 0);
  const returning = of("client", "create", "join");
  const takesPart = ({ desired: { slot } }: SlotDecision) =>
    moves.some(({ from, to }) => from === slot || to === slot);
  const inOrder = [
    ...oneByOne(of("server", "create", "join")),
    returning.filter((decision) => !takesPart(decision)),
    ...oneByOne(returning.filter(takesPart)),
    // One after another too: a replacement that `--replace` asks for is not visible here.
    ...oneByOne([...of("client", "keep"), ...of("server", "keep")]),
    ...oneByOne(of("client", "resize", "replace")),
    ...oneByOne(of("server", "resize", "replace").sort((one, other) => urgency(one) - urgency(other))),
  ].filter((wave) => wave.length > 0);
  const { waves, circular } = giversFirst(inOrder, moves);

  const names = new Set(observed.droplets.map(nodeNameOf));
  const gone = serversWithoutDroplet(observed.servers, observed.droplets, desired);
  const answers = ({ name }: ServerState) => observed.answering.has(name);
  const slots = new Set<string>(desired.map(({ slot }) => slot));
  return {
    waves,
    moves,
    removals: observed.nodes
      .filter((node) => names.has(node.name) && !slots.has(node.slot))
      .sort((one, other) => one.name.localeCompare(other.name)),
    deadServers: gone.filter((server) => !answers(server)),
    // After a change of leader Nomad takes a dead node for ready for five minutes (measured).
    deadNodes: observed.otherNodes.filter(
      ({ name }) => isClusterNode(name, desired) && !observed.answering.has(name),
    ),
    untagged: observed.droplets.filter(({ tagged }) => !tagged),
    off: stayingOff(decisions, observed.droplets),
    unlisted: gone.filter(answers).map(({ name }) => name),
    refusals: [...planRefusals(decisions, observed), ...moveRefusals(decisions, moves, circular, observed)],
  };
}

/** What is decided of the slot, and the slots that come before it. */
export function turnOf({ waves }: RolloutPlan, slot: Slot): { decision: SlotDecision; before: Slot[] } {
  const is = ({ desired }: SlotDecision) => desired.slot === slot;
  const turn = waves.findIndex((wave) => wave.some(is));
  return {
    decision: waves[turn]!.find(is)!,
    before: waves.slice(0, turn).flatMap((wave) => wave.map(({ desired }) => desired.slot)),
  };
}

/** The slot after whose turn every volume is in place that `from` gives away; undefined if it gives none. */
export function lastReceiver({ waves, moves }: RolloutPlan, from: Slot): Slot | undefined {
  const receives = (slot: Slot) => moves.some((move) => move.from === from && move.to === slot);
  return waves
    .flat()
    .map(({ desired }) => desired.slot)
    .findLast(receives);
}

/** True if a slot's droplet is to be made, whether or not one is replaced. */
export function makesDroplets({ waves }: RolloutPlan): boolean {
  return waves.flat().some(({ action }) => action === "create" || action === "replace");
}

/** True for the names of nodes that are still there when the rollout is done. */
export function staysIn({ waves, removals }: RolloutPlan): (nodeName: string) => boolean {
  const changing = waves.flat().filter(({ action }) => action === "replace" || action === "resize");
  const leaving = new Set([...changing.map(({ node }) => node?.name), ...removals.map(({ name }) => name)]);
  return (nodeName) => !leaving.has(nodeName);
}

function decide(desired: DesiredSlot, { droplets, nodes, servers }: ClusterState): SlotDecision {
  const own = droplets.filter(({ name }) => name === desired.dropletName);
  const nodeOn = (droplet: ClusterDroplet) => nodes.find(({ name }) => name === nodeNameOf(droplet));
  const droplet = own.find((candidate) => nodeOn(candidate)?.ready) ?? own.find(nodeOn) ?? own[0];
  if (!droplet) return { desired, action: "create", duplicates: [] };
  const node = nodeOn(droplet);
  if (!node) return { desired, action: "join", duplicates: [] };
  const duplicates = own.filter((other) => other !== droplet).flatMap((other) => nodeOn(other) ?? []);
  const server = servers.find(({ name }) => name === node.name);
  const action =
    node.specHash !== desired.specHash ? "replace" : droplet.size !== desired.size ? "resize" : "keep";
  return { desired, action, node, ...(server && { server }), duplicates };
}

function moveRefusals(
  decisions: readonly SlotDecision[],
  moves: readonly VolumeMove[],
  circular: readonly Slot[],
  { servers }: ClusterState,
): string[] {
  const swapped = moves.filter(({ from, to }) => circular.includes(from) && circular.includes(to));
  if (swapped.length > 0)
    return [
      `${[...new Set(swapped.map(({ to }) => to))].join(" and ")} would get volumes from each other, and a volume is ` +
        "attached to one droplet at a time. Move one of them to another slot first, and run `pulumi up` after each step",
    ];
  const decisionOf = (slot: Slot) => decisions.find(({ desired }) => desired.slot === slot);
  const isMissing = (slot: Slot) => decisionOf(slot)?.action === "create";
  return moves.flatMap(({ volume, from, to }) => {
    const name = decisionOf(from)?.server?.name;
    const rest = servers.filter((server) => server.healthy);
    const refusal = isMissing(to) && name !== undefined ? quorumViolation(name, rest) : undefined;
    return refusal === undefined
      ? []
      : [
          `${to} has no droplet and would get the volume ${volume}, which ${from} has, and the cluster cannot spare ${from} ` +
            `meanwhile. Give the volume back to ${from}, run \`pulumi up\`, which brings ${to} back, and move it then`,
        ];
  });
}

function planRefusals(decisions: readonly SlotDecision[], { servers }: ClusterState): string[] {
  const declaredServers = decisions.filter(({ desired }) => desired.role === "server");
  const [only] = declaredServers;
  if (declaredServers.length > 1 || only?.action !== "replace" || !only.server) return [];
  if (servers.length > 1)
    return [
      `serverCount: going from ${servers.length} servers to 1 would replace ${only.desired.slot} by a server that starts ` +
        "a cluster of its own, without the state of this one. Keep 3 servers, or save a snapshot, make a new stack with " +
        "one server and restore the snapshot there",
    ];
  const refusal = quorumViolation(only.server.name, servers);
  return refusal === undefined ? [] : [`${only.desired.slot}: ${refusal}`];
}
