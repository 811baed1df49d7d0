import { setTimeout as delay } from "node:timers/promises";
import { nomadRequest } from "../../components/clients/nomad/request.ts";
import { NomadClient } from "../../components/clients/nomad/client.ts";
import { nomadPorts } from "../../components/network/firewall-rules.ts";
import { NotYet, poll } from "../../components/rollout/poll.ts";
import type { SandboxSettings } from "../../sandbox/settings.ts";
import { BlogProbe } from "./measures/blog-probe.ts";
import { awayMeasures } from "./measures/away-measures.ts";
import type { AwayMeasures } from "./measures/away-measures.ts";
import type { Measures } from "./measures/under-probe.ts";
import { runningSandbox } from "./running-sandbox.ts";
import type { DrilledStack, Report } from "./running-sandbox.ts";

/** Milliseconds for which Ghost is away, and in which nginx keeps the front page before. */
const times = { away: 300_000, before: 10_000 };
/** Milliseconds that Ghost may take to end, and to run again. */
const patience = 180_000;

/**
 * `npm run drill -- ghost-away`: Ghost is stopped for five minutes. The front page, which every nginx has kept, is read on,
 * and beside it pages that nobody has read before. The job stays as it is: its node takes no allocation meanwhile.
 */
export async function ghostAway(
  settings: SandboxSettings,
  report: Report,
): Promise<AwayMeasures & Pick<Measures, "addresses">> {
  const sandbox = await runningSandbox(settings, report);
  const stack = await sandbox.stack();
  const seen = new BlogProbe(stack.blog, "new");
  const taken = await delay(times.before)
    .then(() => takeAway(stack, report))
    .finally(() => seen.end());
  const measures = awayMeasures(await seen.requests(), await taken.unseen.requests(), taken.away);
  return { addresses: stack.blog.urls, ...measures };
}

/** Takes Ghost away and lets it run again; what was read meanwhile of pages that nobody had read before, and when. */
async function takeAway(stack: DrilledStack, report: Report) {
  const ghost = await findGhost(stack);
  report(`Ghost, on ${ghost.nodeName}, is stopped`);
  let unseen: BlogProbe | undefined;
  try {
    await ghost.setEligibility("ineligible");
    await ghost.stop();
    await waitFor("Ghost ends", async () => (await ghost.status()) === "complete", report);
    const from = Date.now();
    unseen = new BlogProbe(stack.blog, "new", (turn) => `?never-read=${from}-${turn}`);
    report("Ghost is away");
    await delay(times.away);
    return { unseen, away: { from, to: Date.now() } };
  } finally {
    unseen?.end();
    await ghost.setEligibility("eligible");
    report("Ghost may run again");
    await waitFor("Ghost runs again", async () => (await findGhost(stack)).id !== ghost.id, report);
  }
}

/** The allocation of Ghost that runs, and what the drill does to it. */
async function findGhost({ nodes, caCertificate, managementToken }: DrilledStack) {
  const [address] = nodes.flatMap(({ reservedIp }) => reservedIp ?? []);
  const access = { address: `https://${address}:${nomadPorts.http}`, caCertificate, token: managementToken };
  const client = new NomadClient(access);
  const [allocations, listed] = await Promise.all([client.allocations(), client.nodes()]);
  const found = allocations.find(
    ({ JobID, ClientStatus }) => JobID === "ghost" && ClientStatus === "running",
  );
  if (found === undefined) throw new Error("ghost does not run: `npm run status` says what does");
  const { ID: id, NodeID } = found;
  const nodeName = listed.find(({ ID }) => ID === NodeID)!.Name;
  return {
    ...{ id, nodeName },
    status: async () => (await client.allocations()).find(({ ID }) => ID === id)?.ClientStatus,
    stop: () => nomadRequest(access, "PUT", `/v1/allocation/${id}/stop`),
    setEligibility: (Eligibility: "eligible" | "ineligible") =>
      nomadRequest(access, "POST", `/v1/node/${NodeID}/eligibility`, { Eligibility }),
  };
}

async function waitFor(what: string, done: () => Promise<boolean>, report: Report): Promise<void> {
  await poll(what, async () => (await done()) || new NotYet("not yet"), {
    deadline: patience,
    onProgress: report,
  });
}
