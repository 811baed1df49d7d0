import { refreshCommand } from "../../../../components/rollout/recovery.ts";
import { sshPublicKey } from "../../../support/digitalocean/ssh-public-key.ts";
import { refreshAccount } from "../../refresh-account.ts";
import type { Bench } from "../bench.ts";
import { blowsAt, callFaults } from "../cases.ts";
import type { FaultCase } from "../cases.ts";
import { changes } from "../roll-calls.ts";
import { whatIsThere } from "../run-case.ts";
import type { CaseOutcome } from "../run-case.ts";
import { dealWhen, ended, hasStruck, wasMade } from "../strike.ts";
import { creationCalls, creationPattern } from "./creation-calls.ts";
import { printedDeletions } from "./printed-commands.ts";

const up = ["up", "--yes", "--skip-preview"];
/** What makes the program ask for one of everything. */
const settings = { "faults:volume": "data", "faults:sshPublicKey": sshPublicKey(1) };
/** A deletion may bring to light what was behind it, but not for ever. */
const mostPreviews = 4;

/** The cases of a first creation, whose calls are those of one with no fault. The bench has no cluster before. */
export async function observeCreation(bench: Bench): Promise<FaultCase[]> {
  await bench.configure(undefined, settings);
  const { exitCode, output } = await ended(bench.pulumi(...up));
  if (exitCode !== 0) throw new Error(`a creation with no fault failed:\n${output}`);
  const calls = creationCalls(await bench.requests());
  const changing = calls.filter(changes).map((call) => ({ at: "call" as const, call }));
  // Nobody leads before there is a cluster.
  return [...callFaults(calls), ...blowsAt(changing)].map((one) => ({ ...one, leader: false }));
}

/**
 * Makes everything, with the case's fault, then does what docs/faults.md and the next previews say, and runs one more
 * `up`. The bench has no cluster before.
 */
export async function runCreation(bench: Bench, { step, fault, blow }: FaultCase): Promise<CaseOutcome> {
  if (step.at !== "call") throw new Error("a creation is struck at its calls");
  const started = Date.now();
  const pattern = creationPattern(step.call);
  await bench.configure(undefined, settings);
  if (fault)
    await bench.call("POST", "/_emulator/faults", {
      method: step.call.method,
      path: pattern,
      nth: step.call.nth,
      ...fault,
    });
  const run = bench.pulumi(...up);
  const struck = await dealWhen(run, blow, async () =>
    fault ? hasStruck(bench) : wasMade(await bench.requests(), step.call, pattern),
  );
  const first = await ended(run);
  await bench.call("DELETE", "/_emulator/faults");

  const outputs = [first.output];
  const commands: string[] = [];
  const pulumi = async (...args: string[]) => {
    const result = await ended(bench.pulumi(...args));
    outputs.push(result.output);
    return result.exitCode === 0;
  };
  if (await bench.isLocked()) {
    commands.push("pulumi cancel");
    await bench.cancel();
  }
  if (first.exitCode !== 0) {
    commands.push(refreshCommand);
    if (!(await pulumi(...refreshAccount))) commands.push("(the refresh failed)");
  }
  for (let previews = 0; previews < mostPreviews; previews += 1) {
    await pulumi("preview");
    const deletions = printedDeletions(outputs.at(-1)!);
    if (deletions.length === 0) break;
    for (const { command, path } of deletions) {
      commands.push(command);
      await bench.call("DELETE", path);
    }
  }
  const succeeded = await pulumi(...up);
  const settled = succeeded && (await pulumi("preview", "--expect-no-changes"));
  const there = await whatIsThere(bench, succeeded);
  return {
    struck,
    firstSucceeded: first.exitCode === 0,
    commands,
    ...there,
    problems: [...(succeeded && !settled ? ["a preview after it has changes"] : []), ...there.problems],
    seconds: Math.round((Date.now() - started) / 1000),
    outputs,
  };
}
