import type { Host } from "../store/host.ts";
import type { MetricStore } from "../store/metric-store.ts";
import { ask, judgeAnswer } from "./external-check.ts";
import { averages, judge, worst } from "./judge.ts";
import type { Judgement } from "./judge.ts";
import type { ExternalMonitor, Monitor, ServiceMonitor } from "./settings.ts";

type Stored<Document> = Document & { readonly id: string };

const minute = 60;

export interface ObserverParts {
  readonly metrics: MetricStore;
  /** Unix seconds. */
  readonly now: () => number;
  /** Seconds without a post of metrics after which a host counts as gone. */
  readonly silence: number;
}

/** Looks at what monitors watch: at values that were posted, at silence, at URLs. */
export class Observer {
  readonly #parts: ObserverParts;
  /** Response times in milliseconds of the last minutes, by monitor. */
  readonly #responseTimes = new Map<string, { readonly at: number; readonly value: number }[]>();

  constructor(parts: ObserverParts) {
    this.#parts = parts;
  }

  /** What one look at a monitor says, of one host where it has hosts; undefined where there is nothing to judge. */
  async judge(monitor: Stored<Monitor>, host: Host | undefined): Promise<Judgement | undefined> {
    const { metrics, now, silence } = this.#parts;
    switch (monitor.type) {
      case "host": {
        if (host === undefined) return undefined;
        const series = (name: string) =>
          metrics.values(host.id, name, now() - monitor.duration * minute + 1, now());
        return judge(monitor, averages(monitor.metric, metrics.names(host.id), series));
      }
      case "connectivity": {
        if (host === undefined) return undefined;
        const isGone = now() - (metrics.lastPost(host.id) ?? host.createdAt) > silence;
        return { status: isGone ? monitor.alertStatusOnGone : "OK" };
      }
      case "service":
        return this.#judgeService(monitor);
      case "external":
        return this.#judgeExternal(monitor);
    }
  }

  #judgeService(monitor: ServiceMonitor): Judgement | undefined {
    const { metrics, now } = this.#parts;
    const { service, metric, duration, missingDurationWarning, missingDurationCritical } = monitor;
    const since = (minutes: number) =>
      metrics.serviceValues(service, metric, now() - minutes * minute + 1, now());
    const hasEver = metrics.serviceValues(service, metric, 0, now()).length > 0;
    const isMissing = (minutes: number | null | undefined) =>
      typeof minutes === "number" && hasEver && since(minutes).length === 0;
    const missing: Judgement[] = [
      ...(isMissing(missingDurationCritical) ? [{ status: "CRITICAL" as const }] : []),
      ...(isMissing(missingDurationWarning) ? [{ status: "WARNING" as const }] : []),
    ];
    const seen = judge(
      monitor,
      averages(metric, [metric], () => since(duration)),
    );
    const found = [...missing, ...(seen ? [seen] : [])];
    return found.length === 0 ? undefined : worst(found);
  }

  async #judgeExternal(monitor: Stored<ExternalMonitor>): Promise<Judgement> {
    const { now } = this.#parts;
    try {
      const answer = await ask(monitor);
      const oldest = now() - (monitor.responseTimeDuration ?? 1) * minute;
      const known = (this.#responseTimes.get(monitor.id) ?? []).filter(({ at }) => at > oldest);
      const recent = [...known, { at: now(), value: answer.milliseconds }];
      this.#responseTimes.set(monitor.id, recent);
      const mean = recent.reduce((sum, { value }) => sum + value, 0) / recent.length;
      return judgeAnswer(monitor, answer, now(), mean);
    } catch (error) {
      return { status: "CRITICAL", message: error instanceof Error ? error.message : String(error) };
    }
  }
}
