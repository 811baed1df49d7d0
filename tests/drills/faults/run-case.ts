import { setTimeout as sleep } from "node:timers/promises";
import { errorMessage } from "../../../components/error-message.ts";
import { readServers } from "../../../components/rollout/observe/read-cluster.ts";
import type { RequestEvent } from "../../../emulators/digitalocean/index.ts";
import type { Bench } from "./bench.ts";
import type { FaultCase } from "./cases.ts";
import { clusterFaults, loose, orphans } from "./convergence.ts";
import type { AccountResource } from "./convergence.ts";
import { finishUpdate } from "./finish-update.ts";
import { pathPattern, rollCalls } from "./roll-calls.ts";
import type { RollCall, SlotTargets } from "./roll-calls.ts";
import { accountResources, certificateOf, slotToRoll, stackView } from "./stack-view.ts";
import type { StackView } from "./stack-view.ts";
import { ended, strike } from "./strike.ts";

/** What became of one case. */
export interface CaseOutcome {
  /** False if the roll never came to the step. */
  readonly struck: boolean;
  /** Whether the update that was struck succeeded all the same. */
  readonly firstSucceeded: boolean;
  /** Commands before the last `up`. */
  readonly commands: readonly string[];
  /** What was not as it should be after it; empty if the case converged. */
  readonly problems: readonly string[];
  readonly orphans: readonly AccountResource[];
  /** Droplets that both updates asked for. */
  readonly dropletsMade: number;
  readonly seconds: number;
  /** What the first update and the last one wrote. */
  readonly outputs: readonly string[];
}

const up = ["up", "--yes", "--skip-preview"];
/** How long an update waits for a droplet that never becomes active. */
const shortJoinTimeout = "30s";
/** Milliseconds that a cluster on a busy machine gets to be healthy. */
const patience = 60_000;

/**
 * Runs an update that rolls one slot, with the case's fault, then what docs/faults.md says and one more update, and says
 * what is there. The stack is up before. What rolls the slot is a new certificate of its agent, as when one is renewed.
 */
export async function runCase(bench: Bench, faultCase: FaultCase): Promise<CaseOutcome> {
  const started = Date.now();
  const before = await stackView(bench);
  const { targets, certificate } = await slotToRoll(before, faultCase.leader);
  const requestsBefore = (await bench.requests()).length;

  const letBoot = await prepareFault(bench, faultCase, targets);
  const roll = [...up, "--replace", certificate.urn];
  const run = bench.pulumi(...roll);
  const struck = await strike(bench, run, faultCase, targets, before.withFailover, requestsBefore);
  const first = await ended(run);
  await bench.call("DELETE", "/_emulator/faults");
  bench.hypervisor.beforeBoot = () => Promise.resolve();

  const last = await finishUpdate(bench, {
    firstSucceeded: first.exitCode === 0,
    // A certificate that is due is renewed by whichever update comes first.
    up: async () => (certificateOf(await stackView(bench), certificate.urn) === certificate.pem ? roll : up),
    atGate: letBoot,
  });
  return {
    struck,
    firstSucceeded: first.exitCode === 0,
    commands: last.commands,
    ...(await whatIsThere(bench, last.succeeded, requestsBefore)),
    seconds: Math.round((Date.now() - started) / 1000),
    outputs: [first.output, last.output],
  };
}

/** What is there after the last `up`, of the requests from number `requestsBefore` on. */
export async function whatIsThere(
  bench: Bench,
  succeeded: boolean,
  requestsBefore = 0,
): Promise<Pick<CaseOutcome, "problems" | "orphans" | "dropletsMade">> {
  const view = await stackView(bench);
  const account = await accountResources(bench);
  const unknown = orphans(account, view.deployment);
  return {
    problems: [
      ...(succeeded ? [] : ["the next `up` failed"]),
      ...unknown.map(({ kind, id, name }) => `orphan: ${kind} ${name} (${id})`),
      ...loose(account, view.deployment),
      ...(succeeded ? await settledFaults(view) : []),
    ],
    orphans: unknown,
    dropletsMade: (await bench.requests()).slice(requestsBefore).filter(makesDroplet).length,
  };
}

/** Makes the emulator fail as the case says. Returns what lets a droplet boot that has been waiting for it. */
async function prepareFault(
  bench: Bench,
  { step, fault, active }: FaultCase,
  targets: SlotTargets,
): Promise<() => void> {
  if (fault && step.at === "call")
    await bench.call("POST", "/_emulator/faults", {
      method: step.call.method,
      path: pathPattern(step.call, targets),
      nth: step.call.nth,
      ...fault,
    });
  const boots = Promise.withResolvers<void>();
  if (active !== undefined) bench.hypervisor.beforeBoot = () => boots.promise;
  if (active === "never") {
    boots.reject(new Error("the drill lets no droplet boot"));
    boots.promise.catch(() => undefined);
    await bench.configure(shortJoinTimeout);
  }
  return boots.resolve;
}

/** Whether a droplet was asked for and made. */
function makesDroplet({ method, path, status, fault }: RequestEvent): boolean {
  const isCreation = method === "POST" && path === "/v2/droplets";
  return isCreation && (status === 202 || fault?.endsWith("after-commit") === true);
}

/** What is wrong with the cluster and stays so: on a busy machine a server misses a heartbeat now and then. */
async function settledFaults({ withFailover, nodes: expected }: StackView): Promise<string[]> {
  const until = Date.now() + patience;
  const names = expected.map(({ name }) => name);
  const read = async (): Promise<string[]> => {
    try {
      const nodes = await withFailover((server) => server.nodes());
      return clusterFaults({ nodes, servers: await readServers(withFailover) }, names);
    } catch (error) {
      return [`Nomad cannot be read: ${errorMessage(error)}`];
    }
  };
  for (;;) {
    const faults = await read();
    if (faults.length === 0 || Date.now() > until) return faults;
    await sleep(1_000);
  }
}

/** The calls of DigitalOcean's API that a roll makes when nothing goes wrong. */
export async function observeRoll(bench: Bench): Promise<RollCall[]> {
  const { targets, certificate } = await slotToRoll(await stackView(bench), false);
  const requestsBefore = (await bench.requests()).length;
  const { exitCode, output } = await ended(bench.pulumi(...up, "--replace", certificate.urn));
  if (exitCode !== 0) throw new Error(`a roll with no fault failed:\n${output}`);
  return rollCalls((await bench.requests()).slice(requestsBefore), targets);
}
