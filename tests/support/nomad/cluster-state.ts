import fc from "fast-check";
import { clusterSlots, dropletNameOf, nodeNameOf } from "../../../components/nodes/names.ts";
import type { Slot } from "../../../components/nodes/names.ts";
import type { ClusterDroplet } from "../../../components/rollout/observe/account-droplets.ts";
import type {
  ClusterState,
  DesiredSlot,
  NodeState,
  ServerState,
} from "../../../components/rollout/observe/cluster-state.ts";
import { clusterDroplet } from "./cluster-droplet.ts";

const size = "s-2vcpu-4gb";
const isServer = (slot: Slot) => slot.startsWith("server-");
/** Slots that want this spec. */
export const desiredSlots = (slots: readonly Slot[], specHash = "new"): DesiredSlot[] =>
  slots.map((slot) => ({
    slot,
    role: isServer(slot) ? "server" : "client",
    dropletName: dropletNameOf("blog", slot),
    specHash,
    size,
    volumeIds: [],
  }));

/** A slot as it is: the defaults are a healthy node that needs no change. */
export interface SlotState {
  slot: Slot;
  specHash?: string;
  size?: string;
  droplet?: boolean;
  /** Its droplet is off. */
  off?: boolean;
  /** Ids of volumes that its droplet has. */
  volumeIds?: string[];
  registered?: boolean;
  ready?: boolean;
  healthy?: boolean;
  alive?: boolean;
  leads?: boolean;
  /** Its server answers for itself. */
  answers?: boolean;
  drained?: boolean;
}

/** What is observed of slots in these states. */
export function clusterState(states: readonly SlotState[]): ClusterState {
  const id = (index: number) => String(100 + index);
  const name = ({ slot }: SlotState, index: number) =>
    nodeNameOf({ name: dropletNameOf("blog", slot), id: id(index) });
  return {
    droplets: states.flatMap((state, index): ClusterDroplet[] =>
      state.droplet === false
        ? []
        : [
            clusterDroplet({
              id: id(index),
              name: dropletNameOf("blog", state.slot),
              size: state.size ?? size,
              status: state.off === true ? "off" : "active",
              volumeIds: state.volumeIds ?? [],
            }),
          ],
    ),
    nodes: states.flatMap((state, index): NodeState[] =>
      state.droplet === false || state.registered === false
        ? []
        : [
            {
              id: `node-${index}`,
              name: name(state, index),
              slot: state.slot,
              specHash: state.specHash ?? "new",
              ready: state.ready ?? true,
              drained: state.drained ?? false,
            },
          ],
    ),
    answering: new Set(
      states.flatMap((state, index) =>
        isServer(state.slot) && state.answers === true ? [name(state, index)] : [],
      ),
    ),
    otherNodes: states.flatMap((state, index) =>
      state.droplet === false ? [{ id: `node-${index}`, name: name(state, index) }] : [],
    ),
    servers: states.flatMap((state, index): ServerState[] =>
      !isServer(state.slot) || state.registered === false
        ? []
        : [
            {
              id: `raft-${index}`,
              name: name(state, index),
              alive: state.alive ?? state.droplet ?? true,
              healthy: state.healthy ?? state.droplet ?? true,
              leads: state.leads ?? false,
            },
          ],
    ),
  };
}

const slotState = (slot: Slot): fc.Arbitrary<SlotState> =>
  fc.record({
    slot: fc.constant(slot),
    specHash: fc.constantFrom("new", "old"),
    size: fc.constantFrom(size, "s-1vcpu-2gb"),
    droplet: fc.boolean(),
    registered: fc.boolean(),
    ready: fc.boolean(),
    healthy: fc.boolean(),
    alive: fc.boolean(),
    leads: fc.boolean(),
    answers: fc.boolean(),
    drained: fc.boolean(),
  });
/** Any slots in any state, and the slots that are desired. */
export const clusters = fc
  .tuple(fc.constantFrom(1, 3, 5), fc.nat(4), fc.constantFrom(1, 3, 5), fc.nat(4))
  .chain(([haveServers, haveClients, wantServers, wantClients]) => {
    const slots = (serverCount: number, clientCount: number) => clusterSlots({ serverCount, clientCount });
    return fc.record({
      desired: fc.constant(desiredSlots(slots(wantServers, wantClients))),
      states: fc.tuple(...slots(haveServers, haveClients).map(slotState)),
    });
  });
