import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { Bench } from "./bench.ts";
import type { BenchTools } from "./bench.ts";
import { describeStep, faultCases } from "./cases.ts";
import type { FaultCase } from "./cases.ts";
import type { RollCall } from "./roll-calls.ts";
import { observeRoll, runCase } from "./run-case.ts";
import type { CaseOutcome } from "./run-case.ts";

/** What is printed. */
export interface FaultsResult {
  readonly cases: number;
  /** Cases after which one more `up` left nothing to do. */
  readonly converged: number;
  /** Resources of the account that Pulumi did not know after that `up`. */
  readonly orphans: number;
}

export interface CaseResult {
  readonly faultCase: FaultCase;
  readonly outcome: CaseOutcome;
}

export interface FaultsOptions {
  readonly tools: BenchTools;
  /** Clusters side by side, each about one core's work. Default 2. */
  readonly benches?: number;
  /** Number of the first bench; no two on one machine may be the same. Default 0. */
  readonly firstBench?: number;
  /** Which cases are run. Default all. */
  readonly select?: (faultCase: FaultCase) => boolean;
  /** Directory for the output of cases that did not converge. Default: none is kept. */
  readonly logs?: string;
  readonly ended?: (result: CaseResult) => void;
  /** Once it is aborted no further case begins. */
  readonly signal?: AbortSignal;
}

/**
 * Rolls one server of a three-server cluster once a case, with one thing going wrong at one of the update's calls or
 * steps, and then runs one more `up`. The calls are those of an undisturbed roll.
 */
export async function runFaults(
  options: FaultsOptions,
  report: (text: string) => void,
): Promise<FaultsResult> {
  const { tools, benches = 2, firstBench = 0, select = () => true } = options;
  let result: FaultsResult = { cases: 0, converged: 0, orphans: 0 };
  let waiting: Promise<FaultCase[]> | undefined;
  const learn = async (bench: Bench): Promise<FaultCase[]> => {
    const calls: RollCall[] = await observeRoll(bench);
    const chosen = faultCases(calls).filter(select);
    report(`${calls.length} calls in a roll, ${chosen.length} cases`);
    return chosen;
  };

  const work = async (number: number): Promise<void> => {
    let bench: Bench | undefined;
    try {
      for (;;) {
        bench ??= await Bench.start(number, tools);
        waiting ??= learn(bench);
        const faultCase = (await waiting).shift();
        if (faultCase === undefined || options.signal?.aborted) return;
        const outcome = await runCase(bench, faultCase);
        const converged = outcome.struck && outcome.problems.length === 0;
        result = {
          cases: result.cases + 1,
          converged: result.converged + Number(converged),
          orphans: result.orphans + outcome.orphans.length,
        };
        report(`${result.cases}: ${describeCase(faultCase)}: ${describeOutcome(outcome)}`);
        options.ended?.({ faultCase, outcome });
        if (converged) continue;
        if (options.logs !== undefined) await keepOutput(options.logs, result.cases, faultCase, outcome);
        await bench.close();
        bench = undefined;
      }
    } finally {
      await bench?.close();
    }
  };
  await Promise.all(Array.from({ length: benches }, (_, index) => work(firstBench + index)));
  return result;
}

export function describeCase({ step, name, leader }: FaultCase): string {
  return `${describeStep(step)}, ${name}${leader ? ", the leader" : ""}`;
}

function describeOutcome(outcome: CaseOutcome): string {
  const { struck, firstSucceeded, commands, problems, dropletsMade, seconds } = outcome;
  const parts = [
    ...(struck ? [] : ["the roll never came there"]),
    firstSucceeded ? "the update succeeded" : "the update failed",
    ...commands.map((command) => `with \`${command}\``),
    ...(problems.length === 0 ? ["converged"] : problems),
    ...(dropletsMade === 1 ? [] : [`${dropletsMade} droplets were made`]),
  ];
  return `${parts.join("; ")} (${seconds} s)`;
}

async function keepOutput(
  directory: string,
  number: number,
  faultCase: FaultCase,
  { outputs, problems }: CaseOutcome,
): Promise<void> {
  await mkdir(directory, { recursive: true });
  const text = [describeCase(faultCase), ...problems, ...outputs].join("\n\n");
  await writeFile(path.join(directory, `${number}.log`), `${text}\n`);
}
