// `npm test`: lint, then the vitest projects named on the command line (all by default), then where the time went, what failed and one line with the counts.
import path from "node:path";
import { StepError } from "../../sandbox/progress.ts";
import { startSandbox } from "../support/end-to-end/setup.ts";
import { changedFiles, testsOf } from "./changed.ts";
import { endToEndProjects, sandboxOf } from "../support/end-to-end.ts";
import { lint } from "./lint.ts";
import { prepareSystem, prepareTools } from "./prepare-tools.ts";
import { addResults, countsLine, failureList, noResults } from "./test-results.ts";
import type { TestResults } from "./test-results.ts";
import { planTestRun } from "./test-plan.ts";
import type { TestProject } from "./test-plan.ts";
import { timesTable, writeTimes } from "./times.ts";
import type { PartTime } from "./times.ts";
import { runVitestProjects } from "./vitest-projects.ts";

const root = path.resolve(import.meta.dirname, "../..");
const plan = planTestRun(process.argv.slice(2));
const changed = plan.changedSince === undefined ? [] : await changedFiles(root, plan.changedSince);
const runsTools = (project: TestProject) => project !== "unit";
const parts: PartTime[] = [];
let total = noResults;

async function timed(part: string, run: () => Promise<TestResults>): Promise<TestResults> {
  const started = performance.now();
  const results = await run();
  parts.push({ part, seconds: (performance.now() - started) / 1000 });
  total = addResults(total, results);
  return results;
}

/** What cannot be set up counts as one failure, and what needs it is left out. */
async function prepared(prepare: (root: string) => Promise<TestResults>): Promise<boolean> {
  const results = await timed("setup", async () => {
    try {
      return await prepare(root);
    } catch (error) {
      if (!(error instanceof StepError)) throw error;
      const message = error.cause instanceof Error ? error.cause.message : error.message;
      return { ...noResults, failures: [{ path: ["setup"], message }] };
    }
  });
  return results.failures.length === 0;
}

/** What selects the tests of a project, as arguments of vitest; undefined if none of them is to run. */
function selection(project: TestProject): readonly string[] | undefined {
  if (plan.changedSince === undefined) return [];
  return project === "unit" ? [`--changed=${plan.changedSince}`] : testsOf(project, changed);
}

/** Runs the projects side by side. */
async function runProjects(...projects: TestProject[]): Promise<void> {
  if (projects.length === 0) return;
  const name = projects.join(" and ");
  console.log(`\n${name} tests`);
  const selected = [...new Set(projects.flatMap((project) => selection(project) ?? []))];
  const ofVitest = projects.flatMap((project) => (project === "e2e" ? endToEndProjects : project));
  await timed(name, () => runVitestProjects(root, ofVitest, [...selected, ...plan.vitestArguments]));
}

/** Starts an end-to-end project's sandbox, most of which is waiting, while other tests run. Where it fails, they start it again. */
async function startSandboxEarly(name: string): Promise<void> {
  const started = performance.now();
  try {
    await startSandbox(name);
  } catch (error) {
    console.error(`the sandbox ${name} did not start beside the other tests:`, error);
    return;
  }
  const seconds = (performance.now() - started) / 1000;
  const time = { part: "setup", name: `sandbox ${name}, beside other tests`, seconds };
  total = addResults(total, { ...noResults, times: [time] });
}

/** One after another: each keeps a processor busy. */
async function startSandboxesEarly(): Promise<void> {
  for (const project of endToEndProjects) await startSandboxEarly(sandboxOf(project));
}

const others = plan.projects.filter((project) => runsTools(project) && selection(project) !== undefined);
const systemReady = others.length === 0 || (await prepared(prepareSystem));
if (plan.lint) await timed("lint", () => lint(root));
if (plan.projects.includes("unit")) await runProjects("unit");
if (others.length > 0 && systemReady && (await prepared(prepareTools))) {
  // A filter may leave no end-to-end test that would take its sandbox down.
  const runsAll = plan.changedSince === undefined && plan.vitestArguments.length === 0;
  const startsEarly = runsAll && others.includes("contract") && others.includes("e2e");
  const early = startsEarly ? startSandboxesEarly() : undefined;
  const [beside, endToEnd] = [
    others.filter((project) => project !== "e2e"),
    others.filter((project) => project === "e2e"),
  ];
  // Clusters wait for most of their time, which contract tests can use.
  if (plan.changedSince === undefined) await runProjects(...beside);
  else for (const project of beside) await runProjects(project);
  await early;
  await runProjects(...endToEnd);
}
await writeTimes(root, parts, total.times);
console.log(`\n${timesTable(parts, total.times)}`);
const failed = total.failures.length > 0;
if (failed) console.log(`\n${failureList(total.failures)}`);
console.log(`\n${countsLine(total)}`);
process.exit(failed ? 1 : 0);
