import { setTimeout as delay } from "node:timers/promises";
import type { RunningSandbox } from "./running-sandbox.ts";

/** A request that the DigitalOcean emulator answered. */
export interface LoggedRequest {
  /** ISO 8601. */
  readonly at: string;
  readonly method: string;
  readonly path: string;
  readonly status: number;
  /** What was sent, as far as drills read it. */
  readonly body?: { readonly type?: string; readonly volumes?: readonly string[] };
}

/** The DigitalOcean account of the sandbox, used past Pulumi, as its owner could in the control panel. */
export interface DrilledAccount {
  /** Deletes a droplet and waits until the account no longer lists it. */
  deleteDroplet(id: number): Promise<void>;
  /** Waits until the account no longer lists the droplet. */
  dropletGone(id: number): Promise<void>;
  /** What was asked of the API since a time, in order. */
  requestsSince(time: number): Promise<LoggedRequest[]>;
}

export async function accountOf(sandbox: RunningSandbox): Promise<DrilledAccount> {
  const token = await sandbox.config("digitalocean:token");
  const call = async (path: string, method = "GET"): Promise<unknown> => {
    const response = await fetch(new URL(path, sandbox.digitalocean), {
      method,
      headers: { authorization: `Bearer ${token ?? ""}` },
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path} answered ${response.status}: ${text}`);
    return text === "" ? undefined : JSON.parse(text);
  };
  const dropletIds = async () => {
    const { droplets } = (await call("/v2/droplets?per_page=200")) as { droplets: { id: number }[] };
    return droplets.map(({ id }) => id);
  };
  const dropletGone = async (id: number) => {
    while ((await dropletIds()).includes(id)) await delay(500);
  };
  return {
    dropletGone,
    async deleteDroplet(id) {
      await call(`/v2/droplets/${id}`, "DELETE");
      await dropletGone(id);
    },
    async requestsSince(time) {
      const { requests } = (await call("/_emulator/requests")) as { requests: LoggedRequest[] };
      return requests.filter(({ at }) => Date.parse(at) >= time);
    },
  };
}
