import { vi } from "vitest";
import { dropletNameOf } from "../../../components/nodes/names.ts";
import type { Slot } from "../../../components/nodes/names.ts";
import { Rollout } from "../../../components/rollout/rollout.ts";
import type { RolloutWatcher } from "../../../components/rollout/watchers.ts";
import type { FakeNomad } from "./fake-nomad.ts";

const settings = {
  maxDrain: "5m",
  joinTimeout: "10m",
  readyTimeout: "15m",
  shutdownTimeout: "2m",
  settleTimeout: "1m",
  replaceUnreachableCluster: false,
  region: "global",
};
export const slots: Slot[] = ["server-1", "server-2", "server-3"];
const size = "s-2vcpu-4gb";

export interface Run {
  readonly rollout: Rollout;
  readonly nomad: FakeNomad;
  readonly logged: string[];
  readonly snapshots: string[];
  /** How often the account listed its droplets. */
  lists: number;
  /** Ids of droplets that were powered off in the account. */
  readonly poweredOff: string[];
  /** Ids of droplets that were powered on in the account. */
  readonly poweredOn: string[];
  /** How many of the next actions of droplets are refused, because another one is pending. */
  pending: number;
  /** False if the program does not know the account's token. Default true. */
  hasToken: boolean;
  /** Which requests have an effect: by default a shutdown and a power-off. */
  follows: "both" | "power-off" | "neither";
  /** Whether the account answers. */
  account: "there" | "broken";
}

/** What a rollout has beside slots. */
interface Surroundings {
  readonly saveSnapshot?: () => Promise<string>;
  /** A volume of server-1, and the id of the droplet that has it. */
  readonly volume?: { readonly id: string; readonly holder?: string };
  /** What the account lacks for new droplets. */
  readonly missing?: string;
  /** True if the cluster has no management token yet. */
  readonly isUnused?: boolean;
  /** Default none. */
  readonly balancerNotice?: string;
  /** Default three servers. */
  readonly wanted?: readonly Slot[];
  /** Who is told of the rollout. Default nobody. */
  readonly watchers?: readonly RolloutWatcher[];
}

/** A rollout of a fake Nomad, in which a droplet joins the moment that it is made. */
export function start(
  nomad: FakeNomad,
  spec: string,
  {
    saveSnapshot,
    volume,
    missing,
    isUnused,
    balancerNotice = "0s",
    wanted = slots,
    watchers = [],
  }: Surroundings = {},
): Run {
  const droplets = () =>
    nomad
      .droplets()
      .map((droplet) => (droplet.id === volume?.holder ? { ...droplet, volumeIds: [volume.id] } : droplet));
  const logged: string[] = [];
  const snapshots: string[] = [];
  const agents = wanted.map((slot) => ({
    slot,
    hasDroplet: nomad
      .droplets()
      .some(({ name, status }) => name === dropletNameOf("blog", slot) && status !== "new"),
    clients: [nomad.agent(slot)],
  }));
  const run = {
    nomad,
    logged,
    snapshots,
    lists: 0,
    poweredOff: [] as string[],
    poweredOn: [] as string[],
    pending: 0,
    hasToken: true,
    follows: "both" as Run["follows"],
    account: "there" as Run["account"],
  };
  const act = (action: () => void) => {
    if (run.account === "broken") return Promise.reject(new Error("503"));
    run.pending -= 1;
    if (run.pending >= 0) return Promise.reject(new Error("422 Droplet already has a pending event."));
    return Promise.resolve(action());
  };
  const rollout = new Rollout(
    wanted,
    Promise.resolve({
      desired: wanted.map((slot) => ({
        slot,
        role: "server",
        dropletName: dropletNameOf("blog", slot),
        specHash: spec,
        size,
        volumeIds: [
          ...(volume && slot === "server-1" ? [volume.id] : []),
          ...(nomad.volumeSlot === slot ? ["volume"] : []),
        ],
      })),
      droplets: droplets(),
      account: {
        list: () => {
          run.lists += 1;
          return run.account === "broken" ? Promise.reject(new Error("503")) : Promise.resolve(droplets());
        },
        delete: (id) => Promise.resolve(nomad.removeById(id)),
        hasToken: () => Promise.resolve(run.hasToken),
        shutDown: (id) => act(() => void (run.follows === "both" && nomad.switchOff(id))),
        powerOff: (id) =>
          act(() => {
            if (run.follows !== "neither") nomad.switchOff(id);
            run.poweredOff.push(id);
          }),
        powerOn: (id) =>
          act(() => {
            nomad.switchOn(id);
            run.poweredOn.push(id);
          }),
        tag: (id) => Promise.resolve(void nomad.untagged.delete(id)),
      },
      withFailover: (call) => call(nomad),
      agents,
      gossipKey: nomad.gossipKey,
      missing,
      bootstrapAcl: () => Promise.resolve(isUnused ? "made" : "known"),
      saveSnapshot:
        saveSnapshot ??
        (() => {
          snapshots.push(nomad.drained.join());
          return Promise.resolve("snapshots/one");
        }),
    }),
    {
      ...settings,
      balancerNotice,
      watchers: () => watchers,
      logger: { status: (message) => logged.push(message), info: (message) => logged.push(message) },
    },
  );
  return Object.assign(run, { rollout });
}

/** What Pulumi does: what is missing or declares another spec is replaced as soon as its gate opens. */
export async function update({ rollout, nomad }: Run, spec: string, wanted = slots): Promise<void> {
  const updates = wanted.map(async (slot) => {
    await rollout.gate(slot);
    if (nomad.specOf(slot) !== spec) await nomad.replace(slot, spec);
    await rollout.joined(slot, nomad.nameOf(slot));
  });
  await Promise.all([...updates, rollout.finished()]);
}

/** Runs `work` with the clock turned on for as long as it waits. */
export async function hurried<Value>(work: Promise<Value>): Promise<Value> {
  let done = false;
  const settled = work.finally(() => (done = true));
  settled.catch(() => undefined);
  while (!done) await vi.advanceTimersByTimeAsync(1_000);
  return settled;
}
