import { withDefaults } from "../validation.ts";
import type {
  MackerelAlertsArgs,
  MackerelHostMetric,
  MackerelLimits,
  MackerelServiceMetric,
  MackerelUrlCheck,
} from "./args.ts";

/** What is taken for arguments that are left out. */
export const mackerelAlertsDefaults = { apiUrl: "https://api.mackerelio.com" };
export const limitDefaults = { duration: 3, maxCheckAttempts: 1 };
export const urlDefaults = { certificateWarning: 21, certificateCritical: 7, maxCheckAttempts: 2 };
/** Per cent, where neither limit is given. */
export const shareLimits = {
  cpu: { warning: 80, critical: 95 },
  memory: { warning: 80, critical: 90 },
  fileSystems: { warning: 80, critical: 90 },
};

/** One of Mackerel's own names for a share, by the argument that asks for it. */
const shareMetrics = { cpu: "cpu%", memory: "memory%", fileSystems: "filesystem%" } as const;

/** A monitor as Mackerel's API takes it, without its name, by the name of its resource. */
export interface DeclaredMonitor {
  readonly key: string;
  /** What people read at Mackerel, after the component's name. */
  readonly title: string;
  readonly properties: Readonly<Record<string, unknown>>;
}

/** All monitors that the arguments ask for. */
export function declaredMonitors(args: MackerelAlertsArgs): DeclaredMonitor[] {
  const { scopes = [], connectivity, load } = args;
  const shares = (["cpu", "memory", "fileSystems"] as const).flatMap((key) => {
    const limits = args[key];
    if (limits === undefined) return [];
    const isGiven = limits.warning !== undefined || limits.critical !== undefined;
    const metric = { ...limits, ...(!isGiven && shareLimits[key]), metric: shareMetrics[key] };
    return [{ key: kebab(key), title: shareTitles[key], properties: hostMonitor(metric, scopes) }];
  });
  return [
    ...shares,
    ...(load
      ? [{ key: "load", title: "load", properties: hostMonitor({ ...load, metric: "loadavg5" }, scopes) }]
      : []),
    ...(connectivity
      ? [
          {
            ...{ key: "connectivity", title: "connectivity" },
            properties: {
              type: "connectivity",
              scopes,
              ...(connectivity.critical === false && { alertStatusOnGone: "WARNING" }),
            },
          },
        ]
      : []),
    ...named(args.hostMetrics, "metric", (metric) => hostMonitor(metric, scopes)),
    ...named(args.serviceMetrics, "service", serviceMonitor),
    ...named(args.urls, "url", urlMonitor),
  ];
}

const shareTitles = { cpu: "CPU", memory: "memory", fileSystems: "file systems" };
const kebab = (name: string): string => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

function named<Settings>(
  settings: Readonly<Record<string, Settings>> | undefined,
  kind: string,
  properties: (settings: Settings) => Record<string, unknown>,
): DeclaredMonitor[] {
  return Object.entries(settings ?? {}).map(([name, one]) => ({
    ...{ key: `${kind}-${name}`, title: name },
    properties: properties(one),
  }));
}

function limited(limits: MackerelLimits, isBelow = false): Record<string, unknown> {
  const { warning, critical, duration, maxCheckAttempts } = withDefaults(limits, limitDefaults);
  return {
    operator: isBelow ? "<" : ">",
    ...(warning !== undefined && { warning }),
    ...(critical !== undefined && { critical }),
    ...{ duration, maxCheckAttempts },
  };
}

function hostMonitor(metric: MackerelHostMetric, scopes: readonly string[]): Record<string, unknown> {
  return { type: "host", metric: metric.metric, ...limited(metric, metric.below), scopes };
}

function serviceMonitor(metric: MackerelServiceMetric): Record<string, unknown> {
  const { missingWarning, missingCritical } = metric;
  return {
    ...{ type: "service", service: metric.service, metric: metric.metric },
    ...limited(metric, metric.below),
    ...(missingWarning !== undefined && { missingDurationWarning: missingWarning }),
    ...(missingCritical !== undefined && { missingDurationCritical: missingCritical }),
  };
}

function urlMonitor(check: MackerelUrlCheck): Record<string, unknown> {
  const { url, contains, statusCode, ...known } = withDefaults(check, urlDefaults);
  return {
    ...{ type: "external", url, method: "GET", maxCheckAttempts: known.maxCheckAttempts },
    ...(contains !== undefined && { containsString: contains }),
    ...(statusCode !== undefined && { expectedStatusCode: statusCode }),
    certificationExpirationWarning: known.certificateWarning,
    certificationExpirationCritical: known.certificateCritical,
  };
}
