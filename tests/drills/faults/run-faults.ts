import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { errorMessage } from "../../../components/error-message.ts";
import { Bench } from "./bench.ts";
import type { BenchTools } from "./bench.ts";
import { describeStep, faultCases } from "./cases.ts";
import type { FaultCase } from "./cases.ts";
import { observeCreation, runCreation } from "./creation/run-creation.ts";
import { observeRoll, runCase } from "./run-case.ts";
import type { CaseOutcome } from "./run-case.ts";

/** What is struck. */
export interface Struck {
  readonly start: (number: number, tools: BenchTools) => Promise<Bench>;
  /** The cases, whose calls are those of an undisturbed update. */
  readonly observe: (bench: Bench) => Promise<FaultCase[]>;
  readonly run: (bench: Bench, faultCase: FaultCase) => Promise<CaseOutcome>;
  /** Whether a bench takes another case after one that has converged. */
  readonly again: boolean;
}

/** A roll of one server of three. */
const roll: Struck = {
  start: (number, tools) => Bench.start(number, tools),
  observe: async (bench) => faultCases(await observeRoll(bench)),
  run: runCase,
  again: true,
};

/** The first `up` of a stack, with a volume and an SSH key. */
export const creation: Struck = {
  start: (number, tools) => Bench.empty(number, tools),
  observe: observeCreation,
  run: runCreation,
  again: false,
};

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
  /** Default: a roll. */
  readonly of?: Struck;
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
 * Runs an update once a case, with one thing going wrong at one of its calls or steps, and then one more `up`.
 */
export async function runFaults(
  options: FaultsOptions,
  report: (text: string) => void,
): Promise<FaultsResult> {
  const { tools, of = roll, benches = 2, firstBench = 0, select = () => true } = options;
  let result: FaultsResult = { cases: 0, converged: 0, orphans: 0 };
  let waiting: Promise<FaultCase[]> | undefined;
  const learn = async (bench: Bench): Promise<FaultCase[]> => {
    const cases = await of.observe(bench);
    const chosen = cases.filter(select);
    report(`${chosen.length} of ${cases.length} cases`);
    return chosen;
  };

  const work = async (number: number): Promise<void> => {
    let bench: Bench | undefined;
    try {
      for (;;) {
        bench ??= await of.start(number, tools);
        if (waiting === undefined) {
          waiting = learn(bench);
          await waiting;
          if (!of.again) {
            await bench.close();
            bench = await of.start(number, tools);
          }
        }
        const faultCase = (await waiting).shift();
        if (faultCase === undefined || options.signal?.aborted) return;
        const outcome = await of.run(bench, faultCase).catch(notFinished);
        const converged = outcome.struck && outcome.problems.length === 0;
        result = {
          cases: result.cases + 1,
          converged: result.converged + Number(converged),
          orphans: result.orphans + outcome.orphans.length,
        };
        report(`${result.cases}: ${describeCase(faultCase)}: ${describeOutcome(outcome)}`);
        options.ended?.({ faultCase, outcome });
        if (converged && of.again) continue;
        if (!converged && options.logs !== undefined)
          await keepOutput(options.logs, result.cases, faultCase, outcome);
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

/** A case in which the drill itself could not go on, for example because Pulumi cannot read its own state. */
function notFinished(error: unknown): CaseOutcome {
  const problems = [`the drill could not go on: ${errorMessage(error)}`];
  const nothing = { firstSucceeded: false, commands: [], orphans: [], dropletsMade: 0, seconds: 0 };
  return { struck: true, problems, outputs: [], ...nothing };
}

export function describeCase({ step, name, leader }: FaultCase): string {
  return `${describeStep(step)}, ${name}${leader ? ", the leader" : ""}`;
}

function describeOutcome(outcome: CaseOutcome): string {
  const { struck, firstSucceeded, commands, problems, dropletsMade, seconds } = outcome;
  const parts = [
    ...(struck ? [] : ["the update never came there"]),
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
