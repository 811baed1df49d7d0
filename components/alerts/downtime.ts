import type * as pulumi from "@pulumi/pulumi";
import type { MackerelClient, MackerelDowntime } from "../clients/mackerel/client.ts";
import { errorMessage } from "../error-message.ts";
import type { RolloutWatcher } from "../rollout/watchers.ts";

/** What a downtime of a component's monitors is made with. */
export interface DowntimeAccess {
  /** The component's name, with which the names of its monitors begin. */
  readonly name: string;
  readonly apiUrl: string;
  readonly apiKey: pulumi.Output<string>;
}

const accesses = new WeakMap<pulumi.ComponentResource, DowntimeAccess>();

export function rememberAccess(alerts: pulumi.ComponentResource, access: DowntimeAccess): void {
  accesses.set(alerts, access);
}

export const accessOf = (alerts: pulumi.ComponentResource): DowntimeAccess | undefined =>
  accesses.get(alerts);

/** Minutes that a node is given; the longest waits of a rollout for one come to less. */
const minutesForNode = 30;

type DowntimeApi = Pick<MackerelClient, "monitors" | "createDowntime" | "replaceDowntime" | "deleteDowntime">;

export interface DowntimeWatcherArgs {
  /** With which the names of the monitors begin. */
  readonly name: string;
  readonly client: () => Promise<DowntimeApi>;
  readonly warn: (message: string) => void;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** One downtime from the first node to the end, which grows with each further node. */
export function downtimeWatcher({ name, client, warn, now }: DowntimeWatcherArgs): RolloutWatcher {
  let current: { readonly id: string; readonly downtime: MackerelDowntime } | undefined;

  const begin = async () => {
    const api = await client();
    const own = (await api.monitors()).filter((monitor) => monitor.name.startsWith(`${name}: `));
    // Without monitors of its own a downtime would suspend all of the organization's.
    if (own.length === 0) return;
    const downtime = {
      name: `${name}: rollout`,
      memo: "Nodes are replaced one after another. Made by the update, which deletes it at its end.",
      start: Math.floor(now() / 1000),
      duration: minutesForNode,
      monitorScopes: own.map(({ id }) => id),
    };
    current = { id: await api.createDowntime(downtime), downtime };
  };
  const extend = async ({ id, downtime }: NonNullable<typeof current>) => {
    const past = Math.ceil((now() / 1000 - downtime.start) / 60);
    await (await client()).replaceDowntime(id, { ...downtime, duration: past + minutesForNode });
  };
  return {
    name: "the downtime at Mackerel",
    async changing() {
      try {
        await (current ? extend(current) : begin());
      } catch (error) {
        warn(`this rollout may wake somebody: Mackerel takes no downtime: ${errorMessage(error)}`);
      }
    },
    async ended() {
      if (current === undefined) return;
      const { id } = current;
      current = undefined;
      try {
        await (await client()).deleteDowntime(id);
      } catch (error) {
        warn(`the downtime "${name}: rollout" ends by itself, and not now: ${errorMessage(error)}`);
      }
    },
  };
}
