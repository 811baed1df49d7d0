import { setTimeout as sleep } from "node:timers/promises";
import { refreshCommand } from "../../../components/rollout/recovery.ts";
import { refreshAccount } from "../refresh-account.ts";
import type { Bench } from "./bench.ts";
import { ended } from "./strike.ts";

/** How the last update went, and what came before it. */
export interface FinishedUpdate {
  /** Commands before the last `up`. */
  readonly commands: readonly string[];
  readonly succeeded: boolean;
  /** What the last `up` wrote. */
  readonly output: string;
}

export interface FinishOptions {
  readonly firstSucceeded: boolean;
  /** The `up` that is to be finished, or repeated. */
  readonly up: () => Promise<readonly string[]>;
  /** Called when the `up` has come to the gate of the slot, or has ended. */
  readonly atGate: () => void;
}

/** Does what docs/faults.md says after an update that went wrong, and nothing but one more `up` after one that did not. */
export async function finishUpdate(
  bench: Bench,
  { firstSucceeded, up, atGate }: FinishOptions,
): Promise<FinishedUpdate> {
  const commands: string[] = [];
  const refresh = async () => {
    // Only the update that was struck may have to give up early.
    await bench.configure();
    commands.push(refreshCommand);
    await succeeded(bench, ...refreshAccount);
  };
  const next = async () => {
    const listsBefore = await listsOf(bench);
    const run = bench.pulumi(...(await up()));
    // The update's second list is that of the slot's gate.
    while (run.running() && (await listsOf(bench)) < listsBefore + 2) await sleep(200);
    atGate();
    return ended(run);
  };

  if (await bench.isLocked()) {
    commands.push("pulumi cancel");
    await bench.cancel();
  }
  if (!firstSucceeded) await refresh();
  let last = await next();
  if (last.exitCode !== 0 && last.output.includes(refreshCommand)) {
    commands.push("pulumi up");
    await refresh();
    last = await next();
  }
  await bench.configure();
  return { commands, succeeded: last.exitCode === 0, output: last.output };
}

/** Runs a command that has no reason to fail. */
async function succeeded(bench: Bench, ...command: string[]): Promise<void> {
  const { exitCode, output } = await ended(bench.pulumi(...command));
  if (exitCode !== 0) throw new Error(`pulumi ${command.join(" ")} failed:\n${output}`);
}

/** How often the account was asked for its droplets. */
async function listsOf(bench: Bench): Promise<number> {
  return (await bench.requests()).filter(
    ({ method, path }) => method === "GET" && path.startsWith("/v2/droplets?"),
  ).length;
}
