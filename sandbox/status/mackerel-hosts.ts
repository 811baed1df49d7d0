import type { Host, HostStatus } from "../../emulators/mackerel/index.ts";

/** A host as `npm run status` shows it. */
export interface HostSummary {
  readonly id: string;
  readonly name: string;
  /** In full, `service:role`. */
  readonly roles: readonly string[];
  readonly status: HostStatus;
  /** Unix seconds of the latest load average that the host's agent posted; undefined before the first. */
  readonly lastMetricAt: number | undefined;
}

/**
 * Reads the organization's hosts, of any status but retired, through the API.
 * Fails with the API's status and message if it refuses.
 */
export async function readHosts(url: string, apiKey: string): Promise<HostSummary[]> {
  const get = async <T>(path: string, parameters: readonly [string, string][]): Promise<T> => {
    const query = new URLSearchParams(parameters);
    const response = await fetch(new URL(`${path}?${query.toString()}`, url), {
      headers: { "x-api-key": apiKey },
    });
    if (!response.ok) throw new Error(`GET ${path} of Mackerel: ${response.status} ${await response.text()}`);
    return (await response.json()) as T;
  };
  const { hosts } = await get<{ hosts: Host[] }>("/api/v0/hosts", [
    ["status", "working"],
    ["status", "standby"],
    ["status", "maintenance"],
    ["status", "poweroff"],
  ]);
  if (hosts.length === 0) return [];
  const { tsdbLatest } = await get<{ tsdbLatest: Record<string, Record<string, { time: number } | null>> }>(
    "/api/v0/tsdb/latest",
    [["name", "loadavg5"], ...hosts.map((host) => ["hostId", host.id] as [string, string])],
  );
  return hosts.map((host) => ({
    id: host.id,
    name: host.displayName ?? host.name,
    roles: Object.entries(host.roles).flatMap(([service, roles]) =>
      roles.map((role) => `${service}:${role}`),
    ),
    status: host.status,
    lastMetricAt: tsdbLatest[host.id]?.["loadavg5"]?.time,
  }));
}
