import * as pulumi from "@pulumi/pulumi";
import { childOptions } from "../child-options.ts";
import { validated } from "../validation.ts";
import type { MackerelAlertsArgs } from "./args.ts";
import { declaredMonitors } from "./monitors.ts";
import { rememberAccess } from "./downtime.ts";
import { MackerelProvider, MackerelSetting } from "./resources.ts";
import { validateMackerelAlerts } from "./validation.ts";

/**
 * What Mackerel tells whom: monitors, the channels that are told, and one notification group that joins them. Each is a
 * resource of its own, so that a preview shows what changes, a refresh sees what was changed by hand, and a destroy leaves
 * none. What somebody made at Mackerel by hand is never touched. It needs the provider plugin `mackerel`: the npm package
 * `pulumi-resource-mackerel`, named under `plugins` in Pulumi.yaml. Works on any hosts that report to Mackerel, in any stack.
 * Fails with every wrong argument together before anything is created.
 *
 * @example
 * ```ts
 * new MackerelAlerts("blog", {
 *   apiKey: config.requireSecret("mackerelApiKey"),
 *   scopes: ["blog:nomad-cluster"],
 *   fileSystems: {},
 *   memory: { warning: 85, critical: 95 },
 *   connectivity: {},
 *   urls: { front: { url: "https://blog.example.com" } },
 *   emails: { operators: { addresses: ["operators@example.com"] } },
 * });
 * ```
 */
export class MackerelAlerts extends pulumi.ComponentResource {
  /** Ids at Mackerel of the monitors, by the name of their argument: `memory`, `file-systems`, `url-NAME`, ... */
  readonly monitorIds: pulumi.Output<Record<string, string>>;

  constructor(name: string, args: MackerelAlertsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("nomad-digitalocean:index:MackerelAlerts", name, {}, opts);
    const { resolved } = validated(this, args, validateMackerelAlerts);
    const { apiKey, apiUrl, criticalOnly = false, defaultGroup = true, notificationInterval } = resolved;
    rememberAccess(this, { name, apiUrl, apiKey: pulumi.output(apiKey) });
    const child = childOptions(this, opts);
    const provider = new MackerelProvider(`${name}-mackerel`, { apiKey, apiUrl }, child);
    const options = { ...child, provider };

    const monitors = declaredMonitors(resolved).map(({ key, title, properties }) => {
      const named = { name: `${name}: ${title}`, ...properties };
      const monitor = new MackerelSetting(
        "Monitor",
        `${name}-${key}`,
        { ...named, ...(notificationInterval !== undefined && { notificationInterval }) },
        options,
      );
      return [key, monitor.id] as const;
    });
    const channels = declaredChannels(resolved).map(
      ({ key, title, properties }) =>
        new MackerelSetting(
          "Channel",
          `${name}-${key}`,
          { name: `${name}: ${title}`, events: ["alert"], ...properties },
          options,
        ),
    );
    // Without a channel of its own it would tell nobody more, and could only keep alerts from the default group.
    if (channels.length > 0)
      new MackerelSetting(
        "NotificationGroup",
        `${name}-notifications`,
        {
          name,
          notificationLevel: criticalOnly ? "critical" : "all",
          childNotificationGroupIds: [],
          childChannelIds: channels.map(({ id }) => id),
          monitors: monitors.map(([, id]) => ({ id, skipDefault: !defaultGroup })),
        },
        options,
      );
    for (const [key, { start, duration }] of Object.entries(resolved.downtimes ?? {}))
      new MackerelSetting(
        "Downtime",
        `${name}-downtime-${key}`,
        {
          name: `${name}: ${key}`,
          start: Date.parse(start) / 1000,
          duration,
          monitorScopes: monitors.map(([, id]) => id),
        },
        options,
      );
    this.monitorIds = pulumi.output(Object.fromEntries(monitors));
    this.registerOutputs({ monitorIds: this.monitorIds });
  }
}

interface DeclaredChannel {
  readonly key: string;
  readonly title: string;
  readonly properties: pulumi.Inputs;
}

function declaredChannels({ emails, slacks, webhooks }: MackerelAlertsArgs): DeclaredChannel[] {
  const of = <Settings>(
    kind: string,
    settings: Readonly<Record<string, Settings>> | undefined,
    properties: (one: Settings) => pulumi.Inputs,
  ): DeclaredChannel[] =>
    Object.entries(settings ?? {}).map(([key, one]) => ({
      ...{ key: `${kind}-${key}`, title: key },
      properties: { type: kind, ...properties(one) },
    }));
  return [
    ...of("email", emails, ({ addresses }) => ({ emails: addresses, userIds: [] })),
    ...of("slack", slacks, ({ url, mentionOnCritical }) => ({
      url: pulumi.secret(url),
      ...(mentionOnCritical !== undefined && { mentions: { critical: mentionOnCritical } }),
    })),
    ...of("webhook", webhooks, ({ url }) => ({ url: pulumi.secret(url) })),
  ];
}
