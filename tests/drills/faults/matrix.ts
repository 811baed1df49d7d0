import { describeStep } from "./cases.ts";
import type { CaseResult } from "./run-faults.ts";

/** Results as Markdown: a row a call or step, a cell for every case with what happened. */
export function faultMatrix(results: readonly CaseResult[]): string {
  const byStep = Map.groupBy(results, ({ faultCase }) => describeStep(faultCase.step));
  return [
    "| call or step | what goes wrong | the update | then | droplets made |",
    "| --- | --- | --- | --- | --- |",
    ...[...byStep].flatMap(([step, ofStep]) => ofStep.map((result) => row(step, result))),
  ].join("\n");
}

function row(step: string, { faultCase, outcome }: CaseResult): string {
  const { struck, firstSucceeded, commands, problems, dropletsMade } = outcome;
  const ran = [...commands.map(shortCommand), "up"].join(", ");
  return `| ${[
    step,
    faultCase.name + (faultCase.leader ? ", leader" : ""),
    struck ? (firstSucceeded ? "succeeds" : "fails") : "never came there",
    `${ran}: ${problems.length === 0 ? "converges" : problems.join("; ")}`,
    String(dropletsMade),
  ].join(" | ")} |`;
}

/** What a command does, in a word. */
function shortCommand(command: string): string {
  const [program, verb] = command.split(" ");
  return program === "doctl" ? "delete" : (verb ?? command);
}
