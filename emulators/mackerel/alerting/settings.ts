/** What a host's or a service's value is compared with. */
interface Thresholds {
  readonly operator: ">" | "<";
  readonly warning?: number | null;
  readonly critical?: number | null;
  /** Minutes whose average counts. */
  readonly duration: number;
  readonly metric: string;
}

interface Common {
  readonly name: string;
  readonly memo: string;
  readonly isMute: boolean;
  /** Minutes. */
  readonly notificationInterval?: number;
}

interface Scoped {
  /** Services, and roles as `service: role`; none means every host. */
  readonly scopes: readonly string[];
  readonly excludeScopes: readonly string[];
}

export interface HostMonitor extends Common, Thresholds, Scoped {
  readonly type: "host";
  readonly maxCheckAttempts: number;
}

export interface ConnectivityMonitor extends Common, Scoped {
  readonly type: "connectivity";
  readonly alertStatusOnGone: "CRITICAL" | "WARNING";
}

export interface ServiceMonitor extends Common, Thresholds {
  readonly type: "service";
  readonly service: string;
  readonly maxCheckAttempts: number;
  /** Minutes without a value. */
  readonly missingDurationWarning?: number | null;
  readonly missingDurationCritical?: number | null;
}

export interface ExternalMonitor extends Common {
  readonly type: "external";
  readonly method: "GET" | "POST" | "PUT" | "DELETE";
  readonly url: string;
  readonly maxCheckAttempts: number;
  readonly service?: string;
  /** Milliseconds. */
  readonly responseTimeWarning?: number | null;
  readonly responseTimeCritical?: number | null;
  /** Minutes whose average counts. */
  readonly responseTimeDuration?: number | null;
  readonly requestBody?: string;
  readonly containsString?: string;
  /** Days. */
  readonly certificationExpirationWarning?: number | null;
  readonly certificationExpirationCritical?: number | null;
  readonly skipCertificateVerification: boolean;
  readonly headers: readonly { readonly name: string; readonly value: string }[];
  /** Default: any of 2xx and 3xx. */
  readonly expectedStatusCode?: number | null;
}

export type Monitor = HostMonitor | ConnectivityMonitor | ServiceMonitor | ExternalMonitor;

export interface Channel {
  readonly name: string;
  readonly type: "email" | "slack" | "webhook";
  readonly events: readonly string[];
  /** Of Slack and webhooks. */
  readonly url?: string;
  readonly suspendedAt: null;
}

export interface NotificationGroup {
  readonly name: string;
  readonly notificationLevel: "all" | "critical";
  readonly childNotificationGroupIds: readonly string[];
  readonly childChannelIds: readonly string[];
  readonly monitors: readonly { readonly id: string; readonly skipDefault: boolean }[];
  readonly services: readonly { readonly name: string }[];
}

export interface Downtime {
  readonly name: string;
  readonly memo: string;
  /** Unix seconds. */
  readonly start: number;
  /** Minutes. */
  readonly duration: number;
  readonly serviceScopes: readonly string[];
  readonly serviceExcludeScopes: readonly string[];
  readonly roleScopes: readonly string[];
  readonly roleExcludeScopes: readonly string[];
  readonly monitorScopes: readonly string[];
  readonly monitorExcludeScopes: readonly string[];
}

export type Status = "OK" | "WARNING" | "CRITICAL" | "UNKNOWN";

export interface Alert {
  readonly id: string;
  readonly status: Status;
  readonly monitorId: string;
  readonly type: Monitor["type"];
  readonly hostId?: string;
  readonly value?: number;
  readonly message?: string;
  readonly reason?: string;
  readonly openedAt: number;
  readonly closedAt?: number;
}

/** A role as Mackerel writes it in a scope. */
const roleScope = (service: string, role: string): string => `${service}: ${role}`;

/** `service:role`, with or without spaces, as Mackerel writes it; a service as it is. */
export function normalizedScope(scope: string): string {
  const [service = "", role] = scope.split(/\s*:\s*/);
  return role === undefined ? service : roleScope(service, role);
}

/** Whether a host with these roles by service is in any of the scopes. */
export function isInScope(
  roles: Readonly<Record<string, readonly string[]>>,
  scopes: readonly string[],
): boolean {
  const names = Object.entries(roles).flatMap(([service, held]) => [
    service,
    ...held.map((role) => roleScope(service, role)),
  ]);
  return scopes.some((scope) => names.includes(scope));
}
