import { checkBaseUrl, checkNotEmpty, checkPattern, checkWholeNumber } from "../checks.ts";
import { each, issuesOf, withDefaults } from "../validation.ts";
import type { Check, Validation } from "../validation.ts";
import type {
  MackerelAlertsArgs,
  MackerelHostMetric,
  MackerelLimits,
  MackerelServiceMetric,
  MackerelUrlCheck,
} from "./args.ts";
import {
  declaredMonitors,
  limitDefaults,
  mackerelAlertsDefaults,
  shareLimits,
  urlDefaults,
} from "./monitors.ts";

const name = "[A-Za-z0-9][\\w-]{1,62}";
const scope = new RegExp(`^${name}(:${name})?$`);
const key = /^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/;
/** With a time zone, without which it would be whatever the machine's is. */
const isoTime = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2})?(Z|[+-]\d{2}:\d{2})$/;

/** Judges arguments as far as that is possible without Mackerel. */
export function validateMackerelAlerts(
  args: MackerelAlertsArgs,
): Validation<MackerelAlertsArgs & { apiUrl: string }> {
  const resolved = withDefaults(args, mackerelAlertsDefaults);
  return {
    resolved,
    issues: issuesOf([
      ["apiUrl", checkBaseUrl(resolved.apiUrl)],
      ...each("scopes", args.scopes ?? [], (one) =>
        checkPattern(one, scope, 'a service, or a role as "service:role"'),
      ),
      ...shareChecks(args),
      ...(args.load ? limitChecks("load", args.load) : []),
      ...entries("hostMetrics", args.hostMetrics, metricChecks),
      ...entries("serviceMetrics", args.serviceMetrics, serviceChecks),
      ...entries("urls", args.urls, urlChecks),
      ...channelChecks(args),
      ...downtimeChecks(args),
      [
        "notificationInterval",
        args.notificationInterval === undefined
          ? undefined
          : checkWholeNumber(args.notificationInterval, { from: 10, unit: "of minutes" }),
      ],
      ["fileSystems", checkSomething(args)],
    ]),
  };
}

function checkSomething(args: MackerelAlertsArgs): string | undefined {
  return declaredMonitors(args).length === 0
    ? "is not given, and nothing else to monitor is either; give {} for the usual limits, or one of cpu, memory, load, connectivity, urls, hostMetrics and serviceMetrics"
    : undefined;
}

function entries<Item>(
  path: string,
  items: Readonly<Record<string, Item>> | undefined,
  checks: (path: string, item: Item) => readonly Check[],
): Check[] {
  return Object.entries(items ?? {}).flatMap(([name, item]) => [
    [`${path}.${name}`, checkPattern(name, key, "a name of small letters, digits and hyphens")] as const,
    ...checks(`${path}.${name}`, item),
  ]);
}

function shareChecks(args: MackerelAlertsArgs): Check[] {
  return (["cpu", "memory", "fileSystems"] as const).flatMap((path) => {
    const limits = args[path];
    if (limits === undefined) return [];
    const isGiven = limits.warning !== undefined || limits.critical !== undefined;
    const percent = (limit: number | undefined) =>
      limit === undefined || (limit >= 0 && limit <= 100)
        ? undefined
        : `${limit} is not a share from 0 to 100`;
    return [
      [`${path}.warning`, percent(limits.warning)] as const,
      [`${path}.critical`, percent(limits.critical)] as const,
      ...limitChecks(path, isGiven ? limits : { ...limits, ...shareLimits[path] }),
    ];
  });
}

function limitChecks(path: string, limits: MackerelLimits, isBelow = false): Check[] {
  const { warning, critical, duration, maxCheckAttempts } = withDefaults(limits, limitDefaults);
  const isWrongWay =
    warning !== undefined && critical !== undefined && (isBelow ? critical > warning : critical < warning);
  return [
    [
      path,
      warning === undefined && critical === undefined
        ? "has no limit; give warning, critical, or both"
        : undefined,
    ],
    [
      `${path}.critical`,
      isWrongWay
        ? `${critical} is reached before the warning's ${warning}, which nobody would ever be told; swap them`
        : undefined,
    ],
    [`${path}.duration`, checkWholeNumber(duration, { from: 1, to: 10, unit: "of minutes" })],
    [`${path}.maxCheckAttempts`, checkWholeNumber(maxCheckAttempts, { from: 1, to: 10 })],
  ];
}

function metricChecks(path: string, metric: MackerelHostMetric): Check[] {
  return [
    [
      `${path}.metric`,
      checkPattern(metric.metric, /^[\w.#*-]+%?$/, "the name of a metric, such as loadavg5"),
    ],
    ...limitChecks(path, metric, metric.below),
  ];
}

function serviceChecks(path: string, metric: MackerelServiceMetric): Check[] {
  const silence = (minutes: number | undefined) =>
    minutes === undefined || (minutes % 10 === 0 && minutes >= 10 && minutes <= 10_080)
      ? undefined
      : `${minutes} is not a number of minutes from 10 to 10080 in steps of 10`;
  return [
    ...metricChecks(path, metric),
    [`${path}.service`, checkPattern(metric.service, new RegExp(`^${name}$`), "the name of a service")],
    [`${path}.missingWarning`, silence(metric.missingWarning)],
    [`${path}.missingCritical`, silence(metric.missingCritical)],
  ];
}

function urlChecks(path: string, check: MackerelUrlCheck): Check[] {
  const { url, statusCode, certificateWarning, certificateCritical, maxCheckAttempts } = withDefaults(
    check,
    urlDefaults,
  );
  const isUrl = typeof url !== "string" || /^https?:\/\/[^/\s]+(\/\S*)?$/.test(url);
  return [
    [`${path}.url`, isUrl ? undefined : `"${url}" is not an http or https URL`],
    [
      `${path}.statusCode`,
      statusCode === undefined ? undefined : checkWholeNumber(statusCode, { from: 100, to: 599 }),
    ],
    [`${path}.certificateWarning`, checkWholeNumber(certificateWarning, { from: 0, unit: "of days" })],
    [
      `${path}.certificateCritical`,
      checkWholeNumber(certificateCritical, { from: 0, unit: "of days" }) ??
        (certificateCritical > certificateWarning
          ? `${certificateCritical} days come before the warning's ${certificateWarning}, which nobody would ever be told; swap them`
          : undefined),
    ],
    [`${path}.maxCheckAttempts`, checkWholeNumber(maxCheckAttempts, { from: 1, to: 10 })],
  ];
}

function channelChecks({ emails, slacks, webhooks }: MackerelAlertsArgs): Check[] {
  const url = (path: string, { url: given }: { url: unknown }): Check[] => [
    // Its text is a secret, so it is not repeated.
    [
      `${path}.url`,
      typeof given !== "string" || /^https?:\/\/\S+$/.test(given) ? undefined : "is not an http or https URL",
    ],
  ];
  return [
    ...entries("emails", emails, (path, { addresses }) => [
      [`${path}.addresses`, addresses.length === 0 ? "is empty; give at least one address" : undefined],
      ...each(`${path}.addresses`, addresses, (address) =>
        checkPattern(address, /^[^\s@]+@[^\s@]+$/, "an e-mail address"),
      ),
    ]),
    ...entries("slacks", slacks, (path, channel) => [
      ...url(path, channel),
      [
        `${path}.mentionOnCritical`,
        channel.mentionOnCritical === undefined ? undefined : checkNotEmpty(channel.mentionOnCritical),
      ],
    ]),
    ...entries("webhooks", webhooks, url),
  ];
}

function downtimeChecks({ downtimes }: MackerelAlertsArgs): Check[] {
  return entries("downtimes", downtimes, (path, { start, duration }) => [
    [
      `${path}.start`,
      isoTime.test(start) && !Number.isNaN(Date.parse(start))
        ? undefined
        : `"${start}" is not a time with a time zone, such as 2026-12-01T03:00:00Z`,
    ],
    [`${path}.duration`, checkWholeNumber(duration, { from: 1, unit: "of minutes" })],
  ]);
}
