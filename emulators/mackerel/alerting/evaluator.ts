import type { Host } from "../store/host.ts";
import type { HostStore } from "../store/host-store.ts";
import type { MetricStore } from "../store/metric-store.ts";
import type { AlertStore } from "./alert-store.ts";
import { isSuspended } from "./downtimes.ts";
import type { Judgement } from "./judge.ts";
import { Observer } from "./observer.ts";
import { deliver, recipients, webhookBody } from "./notify.ts";
import type { Notification } from "./notify.ts";
import { isInScope } from "./settings.ts";
import type { Alert, Monitor } from "./settings.ts";
import type { SettingsStores } from "./settings-stores.ts";

type Stored<Document> = Document & { readonly id: string };

/** Mackerel keeps monitoring these hosts, and tells nobody of the second. */
const monitored = ["working", "standby"] as const;

export interface EvaluatorParts {
  readonly hosts: HostStore;
  readonly metrics: MetricStore;
  readonly alerts: AlertStore;
  readonly settings: SettingsStores;
  /** Unix seconds. */
  readonly now: () => number;
  /** Seconds without a post of metrics after which a host counts as gone. */
  readonly silence: number;
  /** For deliveries that fail. */
  readonly onError: (error: unknown) => void;
}

/** Looks at everything that is monitored, opens and closes alerts, and tells of them. */
export class Evaluator {
  readonly #parts: EvaluatorParts;
  readonly #observer: Observer;
  #running: Promise<void> = Promise.resolve();

  constructor(parts: EvaluatorParts) {
    this.#parts = parts;
    this.#observer = new Observer(parts);
  }

  /** One look, which Mackerel has once a minute; one at a time. */
  evaluate(): Promise<void> {
    const look = this.#running.then(() => this.#evaluateAll());
    // A look that fails is the caller's to know of, and keeps no later one from being had.
    this.#running = look.catch(() => undefined);
    return look;
  }

  /** Resolves when no look is under way. */
  idle(): Promise<void> {
    return this.#running;
  }

  async #evaluateAll(): Promise<void> {
    const { hosts, settings, alerts } = this.#parts;
    const present = hosts.find({ statuses: monitored, roles: [] });
    this.#closeOfRetired();
    for (const monitor of settings.monitors.list()) {
      const targets: (Host | undefined)[] =
        monitor.type === "host" || monitor.type === "connectivity"
          ? present.filter(({ roles }) => isWatched(monitor, roles))
          : [undefined];
      for (const host of targets) {
        const target = host?.id ?? "";
        if (isSuspended(settings.downtimes.list(), monitor, host?.roles, this.#parts.now())) {
          alerts.forgetFailures(monitor.id, target);
          continue;
        }
        const judgement = await this.#observer.judge(monitor, host);
        if (judgement !== undefined) await this.#take(monitor, host, judgement);
      }
    }
  }

  async #take(monitor: Stored<Monitor>, host: Host | undefined, judgement: Judgement): Promise<void> {
    const { alerts } = this.#parts;
    const target = host?.id ?? "";
    const open = alerts.open(monitor.id, target);
    const { status, value, message } = judgement;
    const seen = { status, ...(value !== undefined && { value }), ...(message !== undefined && { message }) };
    if (status === "OK") {
      alerts.forgetFailures(monitor.id, target);
      if (open)
        await this.#tell({ alert: alerts.close(open, seen), monitor, host }, open.status === "CRITICAL");
      return;
    }
    const attempts = alerts.failedAgain(monitor.id, target);
    if (open === undefined) {
      if (attempts < (monitor.type === "connectivity" ? 1 : monitor.maxCheckAttempts)) return;
      const content = {
        ...seen,
        monitorId: monitor.id,
        type: monitor.type,
        ...(host && { hostId: host.id }),
      };
      await this.#tell({ alert: alerts.create(content, target), monitor, host }, status === "CRITICAL");
    } else {
      const alert = alerts.update(open, seen);
      const isOfCritical = status === "CRITICAL" || open.status === "CRITICAL";
      if (open.status !== status) await this.#tell({ alert, monitor, host }, isOfCritical);
    }
  }

  async #tell(notification: Notification, wasCritical: boolean): Promise<void> {
    const { settings, alerts, now, onError } = this.#parts;
    const { alert, monitor, host } = notification;
    if (monitor.isMute || host?.status === "standby") return;
    const channels = recipients(notification, wasCritical, settings.groups.list(), settings.channels.list());
    for (const channel of channels) {
      const { id: channelId, name: channelName, type: channelType } = channel;
      const note = { at: now(), channelId, channelName, channelType, alertId: alert.id };
      const result = await this.#send(
        channel.type === "webhook" ? channel.url : undefined,
        notification,
        onError,
      );
      alerts.told({ ...note, monitorName: monitor.name, status: alert.status, ...result });
    }
  }

  async #send(
    url: string | undefined,
    notification: Notification,
    onError: (error: unknown) => void,
  ): Promise<{ delivered: boolean; problem?: string }> {
    if (url === undefined) return { delivered: false, problem: "the emulator delivers to webhooks only" };
    try {
      await deliver(url, webhookBody(notification));
      return { delivered: true };
    } catch (error) {
      onError(error);
      return { delivered: false, problem: error instanceof Error ? error.message : String(error) };
    }
  }

  /** Without telling anybody, as Mackerel does. */
  #closeOfRetired(): void {
    const { alerts, hosts } = this.#parts;
    const isRetired = ({ hostId }: Alert) => hostId !== undefined && hosts.get(hostId).isRetired;
    for (const alert of alerts.list({ withClosed: false, limit: Infinity }).alerts)
      if (isRetired(alert)) alerts.close(alert, {});
  }
}

function isWatched(
  {
    scopes,
    excludeScopes,
  }: { readonly scopes: readonly string[]; readonly excludeScopes: readonly string[] },
  roles: Host["roles"],
): boolean {
  return (scopes.length === 0 || isInScope(roles, scopes)) && !isInScope(roles, excludeScopes);
}
