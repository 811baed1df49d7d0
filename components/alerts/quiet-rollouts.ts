import * as pulumi from "@pulumi/pulumi";
import { MackerelClient } from "../clients/mackerel/client.ts";
import type { NomadCluster } from "../cluster/nomad-cluster.ts";
import { watchRollout } from "../rollout/watchers.ts";
import { accessOf, downtimeWatcher } from "./downtime.ts";
import type { MackerelAlerts } from "./mackerel-alerts.ts";

export interface QuietRolloutsArgs {
  /** The cluster whose nodes are replaced, declared in the same program. */
  cluster: NomadCluster;
  /** Whose monitors are suspended meanwhile. */
  alerts: MackerelAlerts;
}

/**
 * Suspends the monitors while nodes of the cluster are replaced, resized or taken out of service, so that a rollout wakes
 * nobody: a downtime at Mackerel from the first node to the last. It ends with the rollout, also when that fails, so that a
 * failure is told. One of an update that was cut off ends by itself, half an hour after the last node was begun. If Mackerel refuses, the
 * update warns and goes on. A new cluster, a preview and an update that changes no node make none. Call it right after both are declared.
 */
export function quietRollouts({ cluster, alerts }: QuietRolloutsArgs): void {
  const access = accessOf(alerts);
  if (access === undefined) throw new Error("the alerts are of another copy of this package");
  const { name, apiUrl } = access;
  const apiKey = new Promise<string>((resolve) => pulumi.unsecret(access.apiKey).apply(resolve));
  watchRollout(
    cluster,
    downtimeWatcher({
      name,
      client: async () => new MackerelClient({ url: apiUrl, apiKey: (await apiKey).trim() }),
      warn: (message) => void pulumi.log.warn(message, alerts),
      now: Date.now,
    }),
  );
}
