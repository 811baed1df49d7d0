import { setTimeout as sleep } from "node:timers/promises";
import type { WithFailover } from "../../../components/rollout/failover.ts";
import type { FaultRule, RequestEvent } from "../../../emulators/digitalocean/index.ts";
import type { Bench, PulumiRun } from "./bench.ts";
import type { Blow, FaultCase } from "./cases.ts";
import { pathPattern } from "./roll-calls.ts";
import type { RollCall, SlotTargets } from "./roll-calls.ts";
import { descendantIds, processesOf } from "./update-processes.ts";

/** Milliseconds. */
const longestUpdate = 8 * 60_000;
const patience = 60_000;

/** Waits until a roll is at the case's step and deals the blow. False if the update ended before. */
export function strike(
  bench: Bench,
  run: PulumiRun,
  { step, fault, blow }: FaultCase,
  targets: SlotTargets,
  withFailover: WithFailover,
  requestsBefore: number,
): Promise<boolean> {
  const hasCome = async (): Promise<boolean> => {
    if (fault) return hasStruck(bench);
    if (step.at === "drain") {
      const nodes = await withFailover((server) => server.nodes()).catch(() => []);
      return nodes.some(
        ({ Name, SchedulingEligibility }) =>
          Name.endsWith(`-${targets.droplet}`) && SchedulingEligibility === "ineligible",
      );
    }
    const requests = (await bench.requests()).slice(requestsBefore);
    if (step.at === "creation")
      return requests.some(
        ({ method, path, status }) => method === "POST" && path === "/v2/droplets" && status === 202,
      );
    return wasMade(requests, step.call, pathPattern(step.call, targets));
  };
  return dealWhen(run, blow, hasCome);
}

/** Whether the emulator has done what it was told to do wrong. */
export async function hasStruck(bench: Bench): Promise<boolean> {
  const { faults } = await bench.call<{ faults: FaultRule[] }>("GET", "/_emulator/faults");
  return faults.some((rule) => rule.struck > 0);
}

/** Whether the call is among the requests, as often as it says. `path` is a regular expression. */
export function wasMade(requests: readonly RequestEvent[], call: RollCall, path: string): boolean {
  const pattern = new RegExp(`^${path}$`);
  const seen = requests.filter(
    (request) => request.method === call.method && pattern.test(request.path.split("?")[0]!),
  );
  return seen.length >= call.nth;
}

/** Deals the blow once the update has come to where it falls. False if it ended before. */
export async function dealWhen(
  run: PulumiRun,
  blow: Blow,
  hasCome: () => Promise<boolean>,
): Promise<boolean> {
  for (;;) {
    if (await hasCome()) break;
    if (!run.running()) return hasCome();
    await sleep(100);
  }
  if (run.running()) await deal(run, blow);
  return true;
}

async function deal(run: PulumiRun, blow: Blow): Promise<void> {
  switch (blow) {
    case "none":
      return;
    case "interrupt":
      process.kill(run.pid, "SIGINT");
      return;
    case "interrupt twice":
      process.kill(run.pid, "SIGINT");
      await sleep(3_000);
      if (run.running()) process.kill(run.pid, "SIGINT");
      return;
    case "kill the CLI": {
      const children = await descendantIds(run.pid);
      process.kill(run.pid, "SIGKILL");
      await run.ended;
      await gone(children);
      return;
    }
    case "kill the program":
    case "kill the digitalocean plugin": {
      const part = blow === "kill the program" ? "program" : "plugin";
      for (const pid of await processesOf(run.pid, part)) process.kill(pid, "SIGKILL");
    }
  }
}

/** Waits until what a killed CLI left behind has ended too. */
async function gone(pids: readonly number[]): Promise<void> {
  const isThere = (pid: number) => {
    try {
      return process.kill(pid, 0);
    } catch {
      return false;
    }
  };
  const until = Date.now() + patience;
  while (pids.some(isThere) && Date.now() < until) await sleep(200);
}

/** The end of an update; one that takes too long is interrupted, then killed. */
export async function ended(run: PulumiRun): Promise<{ exitCode: number | undefined; output: string }> {
  const abort = new AbortController();
  const watch = (async () => {
    await sleep(longestUpdate, undefined, { signal: abort.signal });
    process.kill(run.pid, "SIGINT");
    await sleep(patience, undefined, { signal: abort.signal });
    process.kill(run.pid, "SIGKILL");
  })().catch(() => undefined);
  const result = await run.ended;
  abort.abort();
  await watch;
  return result;
}
