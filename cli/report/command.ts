// `npm run preview:report`: what an update of a stack would do, for the one who decides on it, as a page and as JSON.
import { existsSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { Command } from "commander";
import { makeReport } from "./make-report.ts";
import { reportMarkdown } from "./markdown.ts";
import { runPreview } from "./run-preview.ts";

interface Options {
  readonly stack: string;
  readonly out: string;
  readonly cwd: string;
  readonly configFile?: string;
  readonly policyPack?: string[];
}

const ownPack = path.resolve(import.meta.dirname, "../../policies/pack.mjs");

const options = new Command("npm run preview:report --")
  .description(
    "Previews a stack and writes STACK.md and STACK.json: nodes, jobs with Nomad's own plans, secrets, monthly cost and\n" +
      "policy findings. Uses Pulumi as the operator has set it up; changes nothing. Ends with 1 if the preview fails.",
  )
  .requiredOption("-s, --stack <name>", "the stack")
  .option("-o, --out <directory>", "where the files go", "preview-report")
  .option("-C, --cwd <directory>", "the Pulumi project", ".")
  .option("--config-file <file>", "instead of Pulumi.STACK.yaml")
  .option("--policy-pack <path...>", "instead of this repository's own policies")
  .parse()
  .opts<Options>();

try {
  const { stack, out, cwd, configFile } = options;
  const policyPacks = options.policyPack ?? (existsSync(ownPack) ? [ownPack] : []);
  const preview = await runPreview({
    stack,
    directory: path.resolve(cwd),
    ...(configFile !== undefined && { configFile: path.resolve(configFile) }),
    policyPacks: policyPacks.map((pack) => path.resolve(pack)),
  });
  const report = await makeReport(stack, preview, process.env);
  await mkdir(out, { recursive: true });
  // A fully qualified name has slashes.
  const file = path.join(out, stack.replaceAll("/", "-"));
  await writeFile(`${file}.json`, `${JSON.stringify(report, null, 2)}\n`);
  await writeFile(`${file}.md`, reportMarkdown(report));
  console.log(`${file}.md and ${file}.json: the preview ${report.outcome}`);
  if (!preview.succeeded) process.exitCode = 1;
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
