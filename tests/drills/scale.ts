import type { SandboxSettings } from "../../sandbox/settings.ts";
import { accountOf } from "./account.ts";
import { dropletIdOf } from "../support/droplet-id.ts";
import type { DrilledAccount } from "./account.ts";
import { runningSandbox } from "./running-sandbox.ts";
import type { Report } from "./running-sandbox.ts";
import { underProbe } from "./measures/under-probe.ts";
import type { Measures } from "./measures/under-probe.ts";

/** What a client more and then a client less came to. */
export interface ScaleMeasures extends Measures {
  /** Versions of jobs that changed; none should. */
  readonly changedJobs: number;
  /** Milliseconds from the start of the client's drain to the request to delete its droplet. */
  readonly drainedBeforeDeletionMs: number;
}

/** `npm run drill -- scale`: a client more, then one less, which is drained first. */
export async function scale(settings: SandboxSettings, report: Report): Promise<ScaleMeasures> {
  const sandbox = await runningSandbox(settings, report);
  const account = await accountOf(sandbox);
  const clients = Number((await sandbox.config("clientCount")) ?? 0);
  const names = async () =>
    (await sandbox.stack()).nodes.filter(({ slot }) => slot.startsWith("client-")).map(({ name }) => name);
  const before = await names();
  let client = "";
  const started = Date.now();
  const { measures, jobs, nodes } = await underProbe(sandbox, report, async () => {
    await sandbox.setConfig("clientCount", String(clients + 1));
    await sandbox.up();
    client = (await names()).find((name) => !before.includes(name)) ?? "";
    report(`${client} has joined`);
    await sandbox.setConfig("clientCount", String(clients));
    await sandbox.up();
  });
  const changed = [...jobs.after].filter(([id, version]) => jobs.before.get(id) !== version);
  for (const [id] of changed) report(`job ${id} has changed`);
  const deletedAt = await deletionOf(client, account, started);
  return {
    ...measures,
    changedJobs: changed.length,
    drainedBeforeDeletionMs: deletedAt - (nodes.drained.get(client) ?? Infinity),
  };
}

async function deletionOf(nodeName: string, account: DrilledAccount, since: number): Promise<number> {
  const path = `/v2/droplets/${dropletIdOf(nodeName)}`;
  const requests = await account.requestsSince(since);
  const deletion = requests.find((request) => request.method === "DELETE" && request.path === path);
  if (!deletion) throw new Error(`the droplet of ${nodeName} was never deleted`);
  return Date.parse(deletion.at);
}
