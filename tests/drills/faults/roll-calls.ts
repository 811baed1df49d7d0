import type { RequestEvent } from "../../../emulators/digitalocean/index.ts";

/** What the calls of a roll of one slot are about. */
export interface SlotTargets {
  /** The slot's reserved address. */
  readonly address: string;
  /** Id of the droplet that goes. */
  readonly droplet: string;
}

/** A call of DigitalOcean's API that an update makes when it rolls one slot. */
export interface RollCall {
  readonly method: string;
  /** Path with `ADDRESS`, `OLD`, `NEW` and `ACTION` in place of what differs from update to update. */
  readonly path: string;
  /** Counted from 1 among the calls with this method and path. */
  readonly nth: number;
  /** The `type` in its body. */
  readonly type?: string;
}

/**
 * The calls of an update that rolled one slot, in order. A wait asks the same until the answer is the one it waits for;
 * that is one call here.
 */
export function rollCalls(requests: readonly RequestEvent[], { address, droplet }: SlotTargets): RollCall[] {
  const counted = new Map<string, number>();
  const calls: RollCall[] = [];
  let last = "";
  for (const { method, path, body } of requests) {
    const template = path
      .split("?")[0]!
      .replace(/\/(reserved_ips|droplets|actions)\/([\d.]+)/g, (part, collection: string, id: string) => {
        if (collection === "actions") return "/actions/ACTION";
        if (collection === "reserved_ips") return id === address ? "/reserved_ips/ADDRESS" : part;
        return `/droplets/${id === droplet ? "OLD" : "NEW"}`;
      });
    const key = `${method} ${template}`;
    const nth = (counted.get(key) ?? 0) + 1;
    counted.set(key, nth);
    const isSameWait = method === "GET" && key === last;
    last = key;
    if (isSameWait) continue;
    const type = (body as { type?: unknown } | undefined)?.type;
    calls.push({ method, path: template, nth, ...(typeof type === "string" && { type }) });
  }
  return calls;
}

/** A regular expression for the call's path. */
export function pathPattern({ path }: RollCall, { address, droplet }: SlotTargets): string {
  return path
    .replace("ADDRESS", address.replaceAll(".", "\\."))
    .replace("OLD", droplet)
    .replace("NEW", `(?!${droplet}$|${droplet}/)\\d+`)
    .replace("ACTION", "\\d+");
}

/** The call in words. */
export function describeCall({ method, path, type, nth }: RollCall): string {
  const which = type ?? (nth > 1 ? `no. ${nth}` : undefined);
  return which === undefined ? `${method} ${path}` : `${method} ${path} (${which})`;
}

/** True for a call that changes the account. */
export function changes({ method }: RollCall): boolean {
  return method !== "GET";
}
