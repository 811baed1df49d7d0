import type { Host } from "../store/host.ts";
import type { Alert, Channel, Monitor, NotificationGroup } from "./settings.ts";

type Stored<Document> = Document & { readonly id: string };

/** What somebody is told: that an alert was opened, got another status, or was closed. */
export interface Notification {
  readonly alert: Alert;
  readonly monitor: Stored<Monitor>;
  readonly host?: Host | undefined;
}

/** Name of the group that every organization has, and that gets all that no other group keeps from it. */
export const defaultGroupName = "Default";

function servicesOf({ monitor, host }: Notification): string[] {
  if (monitor.type === "service") return [monitor.service];
  if (monitor.type === "external") return monitor.service === undefined ? [] : [monitor.service];
  return Object.keys(host?.roles ?? {});
}

/** Channels that a notification goes to, each once. `wasCritical`: the alert is or has been critical. */
export function recipients(
  notification: Notification,
  wasCritical: boolean,
  groups: readonly Stored<NotificationGroup>[],
  channels: readonly Stored<Channel>[],
): Stored<Channel>[] {
  const services = servicesOf(notification);
  const target = (group: NotificationGroup) =>
    group.monitors.find(({ id }) => id === notification.monitor.id);
  const direct = groups.filter(
    (group) => target(group) !== undefined || group.services.some(({ name }) => services.includes(name)),
  );
  const skipsDefault = direct.some((group) => target(group)?.skipDefault === true);
  const reached = new Set<string>();
  const seen = new Set<string>();
  const reach = (group: Stored<NotificationGroup>): void => {
    if (seen.has(group.id)) return;
    seen.add(group.id);
    if (group.notificationLevel === "critical" && !wasCritical) return;
    for (const id of group.childChannelIds) reached.add(id);
    for (const id of group.childNotificationGroupIds) {
      const child = groups.find((one) => one.id === id);
      if (child !== undefined) reach(child);
    }
  };
  const roots = groups.filter((group) => group.name === defaultGroupName && !skipsDefault);
  for (const group of new Set([...direct, ...roots])) reach(group);
  return channels.filter(({ id, events }) => reached.has(id) && events.includes("alert"));
}

/** Body of a webhook, as https://mackerel.io/docs/entry/howto/alerts/webhook describes it, without pictures. */
export function webhookBody({ alert, monitor, host }: Notification): object {
  const isOpen = alert.closedAt === undefined;
  const limits =
    monitor.type === "host" || monitor.type === "service"
      ? {
          metricLabel: monitor.metric,
          ...(alert.value !== undefined && { metricValue: alert.value }),
          monitorOperator: monitor.operator,
          duration: monitor.duration,
          ...(typeof monitor.warning === "number" && { warningThreshold: monitor.warning }),
          ...(typeof monitor.critical === "number" && { criticalThreshold: monitor.critical }),
        }
      : {};
  return {
    orgName: "emulator",
    event: "alert",
    type: monitor.type,
    memo: monitor.memo,
    ...(alert.message !== undefined && { message: alert.message }),
    ...(host && {
      host: {
        id: host.id,
        name: host.displayName ?? host.name,
        type: "unknown",
        status: host.status,
        memo: host.memo,
        isRetired: host.isRetired,
        roles: Object.entries(host.roles).flatMap(([serviceName, roles]) =>
          roles.map((roleName) => ({ fullname: `${serviceName}: ${roleName}`, serviceName, roleName })),
        ),
      },
    }),
    alert: {
      id: alert.id,
      status: alert.status.toLowerCase(),
      isOpen,
      trigger: "monitor",
      monitorName: monitor.name,
      ...limits,
      openedAt: alert.openedAt,
      closedAt: alert.closedAt ?? null,
      createdAt: (alert.closedAt ?? alert.openedAt) * 1000,
    },
  };
}

/** Posts to a webhook. Rejects when it does not answer with 2xx in ten seconds. */
export async function deliver(url: string, body: object): Promise<void> {
  const response = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(10_000),
  });
  if (!response.ok) throw new Error(`the webhook answered ${response.status}`);
}
