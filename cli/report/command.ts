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

/** `report`: what an update of a stack would do, as a page for reviewers and as JSON. */
export function reportCommand(): Command {
  return new Command("report")
    .summary("preview a stack and write what the update would do, as Markdown and JSON")
    .description(
      "Previews a stack and writes STACK.md and STACK.json: nodes, jobs with Nomad's own plans, secrets, monthly cost and " +
        "policy violations. Uses Pulumi as the operator has set it up; changes nothing. Exits with 1 if the preview fails.",
    )
    .requiredOption("-s, --stack <name>", "stack to preview")
    .option("-o, --out <directory>", "directory of the two files", "preview-report")
    .option("-C, --cwd <directory>", "Pulumi project", ".")
    .option("--config-file <file>", "configuration file (default: Pulumi.STACK.yaml)")
    .option("--policy-pack <path...>", "policy packs (default: the one of this repository)")
    .addHelpText("after", "\nExample:\n  nomad-digitalocean report --stack sgp1")
    .action(report);
}

async function report({ stack, out, cwd, configFile, policyPack }: Options): Promise<void> {
  const policyPacks = policyPack ?? (existsSync(ownPack) ? [ownPack] : []);
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
}
