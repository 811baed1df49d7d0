import type * as pulumi from "@pulumi/pulumi";

/** When a value that should be low is too high. A change updates the one monitor. */
export interface MackerelLimits {
  /**
   * Above it the alert is a warning.
   * @default - as the argument says that takes it
   */
  warning?: number;
  /**
   * Above it the alert is critical.
   * @default - as the argument says that takes it
   */
  critical?: number;
  /**
   * Minutes, 1 to 10, whose average is compared.
   * @default `3`
   */
  duration?: number;
  /**
   * How many looks in a row, 1 to 10 and one a minute, have to find it wrong.
   * @default `1`
   */
  maxCheckAttempts?: number;
}

/** A metric of hosts, by the name that the agent gives it. */
export interface MackerelHostMetric extends MackerelLimits {
  /** For example `loadavg5`, `filesystem.sda.used` or `custom.nginx.requests.requests`. A change replaces the monitor. */
  metric: string;
  /**
   * Whether the value should be high, and is wrong below its limits.
   * @default `false`
   */
  below?: boolean;
}

/** A metric of a service, which something posts. */
export interface MackerelServiceMetric extends MackerelHostMetric {
  /** The service's name. It has to exist, or come to be while the update runs. */
  service: string;
  /**
   * Minutes without a value after which that is a warning: 10 to 10080, in steps of 10.
   * @default - silence is no warning
   */
  missingWarning?: number;
  /**
   * Minutes without a value after which that is critical: 10 to 10080, in steps of 10.
   * @default - silence is not critical
   */
  missingCritical?: number;
}

/** Hosts whose agents are not heard of any more. */
export interface MackerelConnectivity {
  /**
   * Whether that is critical; if not it is a warning.
   * @default `true`
   */
  critical?: boolean;
}

/** A URL that Mackerel asks for once a minute, from outside. Any status but 2xx and 3xx is critical. */
export interface MackerelUrlCheck {
  /** An http or https URL. */
  url: pulumi.Input<string>;
  /**
   * Text that the answer has to contain.
   * @default - any answer will do
   */
  contains?: string;
  /**
   * The one status code that is right.
   * @default - any of 2xx and 3xx
   */
  statusCode?: number;
  /**
   * Days before the certificate's end from which that is a warning. Of use with https only.
   * @default `21`
   */
  certificateWarning?: number;
  /**
   * Days before the certificate's end from which that is critical.
   * @default `7`
   */
  certificateCritical?: number;
  /**
   * How many looks in a row, 1 to 10 and one a minute, have to find it wrong.
   * @default `2`
   */
  maxCheckAttempts?: number;
}

/** Mail to some addresses. */
export interface MackerelEmailChannel {
  /** Where mail goes. A change updates the channel. */
  addresses: string[];
}

/** A channel of Slack. */
export interface MackerelSlackChannel {
  /** The Incoming Webhook. Secret, because whoever has it may write there. */
  url: pulumi.Input<string>;
  /**
   * Text before a critical alert, for example `<!channel>`.
   * @default - none
   */
  mentionOnCritical?: string;
}

/** Somebody's own program. */
export interface MackerelWebhookChannel {
  /** It gets a POST with JSON for each alert that is opened, changed or closed. Secret. */
  url: pulumi.Input<string>;
}

/** A time in which nothing is looked at, such as planned work. */
export interface MackerelDowntime {
  /** When it begins, in ISO 8601 with a time zone: `2026-12-01T03:00:00Z`. */
  start: string;
  /** Minutes. One that begins on a Sunday is over after 24 hours whatever is given here (Mackerel's own limit). */
  duration: number;
}

/** What is monitored, and who is told. Nothing is monitored that is not named here. */
export interface MackerelAlertSettings {
  /**
   * CPU in use, in per cent of all cores; without limits 80 is a warning and 95 critical.
   * @default - not monitored
   */
  cpu?: MackerelLimits;
  /**
   * Memory in use, in per cent; without limits 80 is a warning and 90 critical.
   * @default - not monitored
   */
  memory?: MackerelLimits;
  /**
   * The fullest file system of each host, in per cent; without limits 80 is a warning and 90 critical.
   * @default - not monitored
   */
  fileSystems?: MackerelLimits;
  /**
   * Load average of five minutes. Give a limit, which depends on the number of cores.
   * @default - not monitored
   */
  load?: MackerelLimits;
  /**
   * Further metrics of hosts, by a name of your own.
   * @default - none
   */
  hostMetrics?: Record<string, MackerelHostMetric>;
  /**
   * Hosts that are not heard of any more.
   * @default - not monitored
   */
  connectivity?: MackerelConnectivity;
  /**
   * URLs that are asked for from outside, by a name of your own.
   * @default - none
   */
  urls?: Record<string, MackerelUrlCheck>;
  /**
   * Metrics of services, by a name of your own: the age of a backup that its job posts, for example.
   * @default - none
   */
  serviceMetrics?: Record<string, MackerelServiceMetric>;
  /**
   * Mail, by a name of your own.
   * @default - none
   */
  emails?: Record<string, MackerelEmailChannel>;
  /**
   * Channels of Slack, by a name of your own.
   * @default - none
   */
  slacks?: Record<string, MackerelSlackChannel>;
  /**
   * Webhooks, by a name of your own.
   * @default - none
   */
  webhooks?: Record<string, MackerelWebhookChannel>;
  /**
   * Whether the channels declared here are told of critical alerts only.
   * @default `false`
   */
  criticalOnly?: boolean;
  /**
   * Whether the organization's default notification group is told of these alerts too.
   * @default `true`
   */
  defaultGroup?: boolean;
  /**
   * Minutes, 10 or more, after which somebody is told again of an alert that is still open.
   * @default - told once
   */
  notificationInterval?: number;
  /**
   * Times in which none of these monitors is looked at, by a name of your own.
   * @default - none
   */
  downtimes?: Record<string, MackerelDowntime>;
}

export interface MackerelAlertsArgs extends MackerelAlertSettings {
  /** API key that may read and write. Secret; kept as such in the provider's state, and nowhere else. A change replaces nothing. */
  apiKey: pulumi.Input<string>;
  /**
   * URL of the Mackerel API.
   * @default `"https://api.mackerelio.com"`
   */
  apiUrl?: string;
  /**
   * Which hosts are monitored: services, and roles as `service:role`. A role exists from the first host whose agent names
   * it, for which an update waits up to five minutes.
   * @default - every host of the organization
   */
  scopes?: string[];
}
