// The sandbox's commands, behind the npm scripts of the same names.
import path from "node:path";
import { Command } from "commander";
import { nomad } from "./commands/nomad.ts";
import { pulumi } from "./commands/pulumi.ts";
import { readStatus } from "./status/read-status.ts";
import { report } from "./commands/report.ts";
import { reset } from "./commands/reset.ts";
import { restore } from "./commands/restore.ts";
import { start } from "./commands/start.ts";
import { statusText } from "./status/status-text.ts";
import { stop } from "./commands/stop.ts";
import { uninstall } from "./commands/uninstall.ts";
import { StepError, UsageError } from "./progress.ts";
import { openSandbox } from "./sandbox.ts";
import { sandboxSettings } from "./settings.ts";
import { turnBackupsOn } from "./spaces/backups.ts";
import { withLock } from "./tools/file-lock.ts";
import { givenNomadVariable } from "./tools/tool-table.ts";

// Where Debian keeps programs for root, which some shells leave out.
process.env["PATH"] = [process.env["PATH"], "/usr/sbin", "/sbin"].filter(Boolean).join(path.delimiter);
const settings = sandboxSettings(path.dirname(import.meta.dirname));

/** Start, stop and reset of one sandbox wait for each other. */
function alone(work: () => Promise<void>): Promise<void> {
  return withLock(settings.cacheDir, `sandbox-${settings.id}`, work, () => {
    console.error("Another command is running on this sandbox; waiting for it ...");
  });
}

/** npm prints its lines on standard output, where a program that reads the JSON chokes on them. */
function hintAtSilence(): void {
  if (!process.stdout.isTTY && process.env["npm_command"] && process.env["npm_config_loglevel"] !== "silent")
    console.error("npm printed lines before this: `npm run -s status -- --json` leaves them out.");
}

const program = new Command("npm run")
  .description("A sandbox that runs this Pulumi program with no cloud account")
  .enablePositionalOptions()
  .showHelpAfterError();

program
  .command("start")
  .description("brings the sandbox from any state to running, then prints a summary; safe to run again")
  .option(
    "--nomad <file>",
    "a Nomad program for the droplets, in place of the one that is downloaded or built; kept until reset or another",
  )
  .option(
    "--backups",
    "backs the blog up to a server with the S3 API that stands for Spaces; kept until reset",
  )
  .addHelpText("after", "\nDownloads and builds are kept in ~/.cache/nomad-digitalocean for all clones.")
  .action((options: { nomad?: string; backups?: boolean }) => {
    // As the variable of that name, which tests and drills take too.
    if (options.nomad !== undefined) process.env[givenNomadVariable] = path.resolve(options.nomad);
    return alone(async () => {
      if (options.backups) await turnBackupsOn(settings);
      await start(settings);
    });
  });

program
  .command("status")
  .description(
    "nodes, jobs with their allocations, Mackerel hosts, what the blog answers, addresses, plugins; read live",
  )
  .option("--json", "for programs; `problems` says what did not answer")
  .action(async (options: { json?: boolean }) => {
    if (options.json) hintAtSilence();
    const report = await readStatus(await openSandbox(settings));
    console.log(options.json ? JSON.stringify(report, null, 2) : statusText(report, Date.now()));
  });

program
  .command("stop")
  .description("ends the sandbox's processes and droplets and keeps its state, which start continues from")
  .action(() => alone(() => stop(settings)));

program
  .command("reset")
  .description(
    "removes everything that the sandbox made on disk, in Docker and in the network; keeps downloads and builds",
  )
  .option("--all", "removes downloads, builds and images too: all that sandboxes ever put on this machine")
  .option("--packages", "with --all: removes also the Debian packages that a sandbox installed")
  .option("--dry-run", "with --all: says what would be removed, and removes nothing")
  .action(
    ({
      all = false,
      packages = false,
      dryRun = false,
    }: Partial<Record<"all" | "packages" | "dryRun", boolean>>) => {
      if (!all && (packages || dryRun)) throw new UsageError("--packages and --dry-run go with --all");
      const work = () => (all ? uninstall(settings, { packages, dryRun }) : reset(settings));
      return dryRun ? work() : alone(work);
    },
  );

const passThrough = (name: string, tool: string, example: string, run: typeof pulumi) =>
  program
    .command(name)
    .description(`the ${tool} on the sandbox, for example: npm run ${name} -- ${example}`)
    .argument("[args...]", `passed to the ${tool} as they are`)
    .allowUnknownOption()
    .passThroughOptions()
    .helpOption(false)
    .action(async (args: string[]) => {
      process.exitCode = await run(settings, args);
    });
passThrough("pulumi", "Pulumi CLI", "preview --diff", pulumi);
passThrough("nomad", "Nomad CLI", "node status", nomad);
passThrough("report", "preview report", "--out DIRECTORY", report);
passThrough("restore", "restore of a blog", "--list", restore);

try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof UsageError) console.error(error.message);
  else if (!(error instanceof StepError))
    console.error(error instanceof Error ? (error.stack ?? error.message) : error);
  process.exitCode = 1;
}
