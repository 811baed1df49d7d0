import { mackerelMetadata } from "../../components/jobs/monitoring/presets/mackerel-hosts.ts";
import type { LoggedRequest } from "../../emulators/mackerel/index.ts";
import { status } from "./sandbox.ts";

/** Ids of the Mackerel hosts that have a role. */
export async function hostsOf(role: string): Promise<string[]> {
  const { hosts } = (await status()).mackerel;
  return hosts.filter(({ roles }) => roles.includes(role)).map(({ id }) => id);
}

/**
 * Fails until every host's agent has said whose it is, a minute after it started (`runMetadataLoop` in mackerel-agent's
 * command/metadata.go). A host whose droplet goes before is never retired.
 */
export async function expectHostsMarked(apiKey: string): Promise<void> {
  const { addresses, mackerel } = await status();
  for (const { id, name } of mackerel.hosts) {
    const url = new URL(`/api/v0/hosts/${id}/metadata/${mackerelMetadata}`, addresses.mackerel);
    const response = await fetch(url, { headers: { "x-api-key": apiKey } });
    if (!response.ok) throw new Error(`${name} is not marked: ${response.status} ${await response.text()}`);
  }
}

/** Retires the hosts that have a role, as whoever removes an agent for good does. */
export async function retireHosts(role: string, apiKey: string): Promise<void> {
  const { mackerel } = (await status()).addresses;
  for (const id of await hostsOf(role)) {
    const url = new URL(`/api/v0/hosts/${id}/retire`, mackerel);
    const headers = { "x-api-key": apiKey, "content-type": "application/json" };
    const response = await fetch(url, { method: "POST", headers, body: "{}" });
    if (!response.ok)
      throw new Error(`${url.pathname} answered ${response.status}: ${await response.text()}`);
  }
}

/** Ids of the hosts that were retired since a time, milliseconds since 1970, once for each call that succeeded. */
export async function retiredSince(time: number, apiKey: string): Promise<string[]> {
  const { mackerel } = (await status()).addresses;
  const response = await fetch(new URL("/_emulator/requests", mackerel), {
    headers: { "x-api-key": apiKey },
  });
  if (!response.ok)
    throw new Error(`/_emulator/requests answered ${response.status}: ${await response.text()}`);
  const { requests } = (await response.json()) as { requests: LoggedRequest[] };
  return requests
    .filter(({ method, status, at }) => method === "POST" && status === 200 && Date.parse(at) >= time)
    .flatMap(({ path }) => /^\/api\/v0\/hosts\/(\w+)\/retire$/.exec(path)?.[1] ?? []);
}
