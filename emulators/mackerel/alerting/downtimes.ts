import { isInScope } from "./settings.ts";
import type { Downtime, Monitor } from "./settings.ts";

type Roles = Readonly<Record<string, readonly string[]>>;

/** Services of what a monitor watches, as roles of a host without roles. */
function rolesOf(monitor: Monitor): Roles {
  const service = monitor.type === "service" || monitor.type === "external" ? monitor.service : undefined;
  return service === undefined ? {} : { [service]: [] };
}

function covers(downtime: Downtime, monitor: Monitor & { readonly id: string }, roles: Roles): boolean {
  const places = [...downtime.serviceScopes, ...downtime.roleScopes];
  const others = [...downtime.serviceExcludeScopes, ...downtime.roleExcludeScopes];
  const isInPlace = (places.length === 0 || isInScope(roles, places)) && !isInScope(roles, others);
  const { monitorScopes, monitorExcludeScopes } = downtime;
  const isMonitor = monitorScopes.length === 0 || monitorScopes.includes(monitor.id);
  return isInPlace && isMonitor && !monitorExcludeScopes.includes(monitor.id);
}

/** Whether a downtime suspends the monitor, for a host with these roles, at a time in Unix seconds. */
export function isSuspended(
  downtimes: readonly Downtime[],
  monitor: Monitor & { readonly id: string },
  roles: Roles | undefined,
  now: number,
): boolean {
  return downtimes.some(
    (downtime) =>
      now >= downtime.start &&
      now < downtime.start + downtime.duration * 60 &&
      covers(downtime, monitor, roles ?? rolesOf(monitor)),
  );
}
