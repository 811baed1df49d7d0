// `npm test`: lint, then the vitest projects named on the command line (all by default), then one line with the counts.
import { lint } from "./support/lint.ts";
import { addCounts, countsLine, noTests } from "./support/test-counts.ts";
import { planTestRun } from "./support/test-plan.ts";
import { runVitestProject } from "./support/vitest-project.ts";

const root = new URL("..", import.meta.url).pathname;
const plan = planTestRun(process.argv.slice(2));

let total = noTests;
if (plan.lint) total = addCounts(total, await lint(root));
for (const project of plan.projects) {
  console.log(`\n${project} tests`);
  total = addCounts(total, await runVitestProject(root, project, plan.vitestArguments));
}
console.log(`\n${countsLine(total)}`);
process.exit(total.failed > 0 ? 1 : 0);
