// `npm run bench`: how long the commands take that a user runs, and how much of that is the program.
import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { Command, InvalidArgumentError } from "commander";
import { sandboxSettings } from "../../sandbox/settings.ts";
import { installTool } from "../../sandbox/tools/install-tool.ts";
import { pulumi } from "../../sandbox/tools/tool-table.ts";
import { measureGrowth } from "./growth/growth.ts";
import { loadJson, loadTable } from "./load-report.ts";
import { loadSettings, measureLoad } from "./load.ts";
import { npm, npmOutput, timed } from "./measure.ts";
import { measurePace } from "./pace/pace.ts";
import { asJson, asTable } from "./report.ts";
import type { Measurement } from "./report.ts";
import { scaleJson, scaleTable } from "./scale-report.ts";
import { measureScale } from "./scale.ts";
import type { Repeat, ScaleStep } from "./scale.ts";
import type { Run } from "./statistics.ts";
import { userDataSizes } from "./user-data.ts";

interface Options {
  readonly json: boolean;
  readonly cold: boolean;
  readonly load: boolean;
  readonly scale?: readonly number[];
  readonly simulated?: readonly number[];
  readonly starts: number;
  readonly runs: number;
}

function count(text: string): number {
  if (!/^\d{1,2}$/.test(text)) throw new InvalidArgumentError("It is a number from 0 to 99.");
  return Number(text);
}

function counts(text: string): number[] {
  return text.split(",").map(count);
}

const options = new Command("npm run bench --")
  .description(
    "Measures npm start, a preview and an up that change nothing beside those of a flat program with the same\n" +
      "resources, and the size of user-data.\n" +
      "With --starts above 0, or --cold, it resets the sandbox of this clone: what ran in it is lost.\n" +
      "With --load it measures only how many requests the blog answers, in the sandbox that runs.\n" +
      "With --scale it measures only an up that changes nothing with more and more nodes, in a sandbox of its own, with\n" +
      "--simulated the same with droplets in which nothing runs and a Nomad that only answers.",
  )
  .option("--json", "print JSON instead of tables", false)
  .option("--cold", "measure npm start with empty caches, too: many minutes", false)
  .option(
    "--load",
    `ghost's front page through nginx and from ghost alone, ${loadSettings.connections} connections, a minute`,
    false,
  )
  .option("--scale <numbers>", "client nodes beside three servers, for example 0,3,10: many droplets", counts)
  .option(
    "--simulated <numbers>",
    "simulated client nodes beside three servers, for example 0,97: some minutes",
    counts,
  )
  .option("--starts <number>", "warm starts", count, 1)
  .option("--runs <number>", "previews and ups", count, 5)
  .parse()
  .opts<Options>();

const root = path.resolve(import.meta.dirname, "../..");
const settings = sandboxSettings(root);
const progress = (text: string): void => void process.stderr.write(`bench: ${text}\n`);

async function repeat(name: string, times: number, once: () => Promise<Run>): Promise<Run[]> {
  const runs: Run[] = [];
  for (let number = 1; number <= times; number++) {
    progress(`${name}, ${number} of ${times}`);
    const run = await once();
    progress(`${name}: ${run.seconds.toFixed(1)} s`);
    runs.push(run);
  }
  return runs;
}

/** With the sandbox's caches and Go's build cache empty; npm and Go keep what they downloaded. */
async function coldStart(): Promise<Run> {
  const caches = await mkdtemp(path.join(os.tmpdir(), "bench-caches-"));
  const environment = { XDG_CACHE_HOME: caches };
  try {
    await npm(["run", "reset"]);
    return await timed(["start"], environment);
  } finally {
    await npm(["run", "reset"], environment);
    await rm(caches, { recursive: true });
  }
}

async function warmStart(): Promise<Run> {
  await npm(["run", "reset"]);
  return timed(["start"]);
}

const measurements: Measurement[] = [];
async function measure(
  measurement: Omit<Measurement, "runs">,
  times: number,
  once: () => Promise<Run>,
): Promise<void> {
  if (times > 0) measurements.push({ ...measurement, runs: await repeat(measurement.name, times, once) });
}

const machine = {
  cores: os.availableParallelism(),
  memoryGiB: Math.round(os.totalmem() / 2 ** 30),
  node: process.version,
};

async function load(): Promise<void> {
  const results = await measureLoad(root, progress);
  console.log(options.json ? loadJson(machine, results) : loadTable(machine, results));
}

async function scale(measure: (repeat: Repeat) => Promise<ScaleStep[]>): Promise<void> {
  if (options.runs === 0) throw new Error("--scale and --simulated need --runs of at least 1");
  const steps = await measure((name, once) => repeat(name, options.runs, once));
  console.log(options.json ? scaleJson(machine, steps) : scaleTable(machine, steps));
}

async function main(): Promise<void> {
  await measure({ name: "cold start", command: "npm start" }, options.cold ? 1 : 0, coldStart);
  progress("npm start, not measured: fills the caches and starts the sandbox");
  await npm(["start"]);
  await measure({ name: "warm start", command: "npm start", aimSeconds: 90 }, options.starts, warmStart);

  const onStack = (...args: string[]) => ["run", "--silent", "pulumi", "--", ...args];
  await measure(
    { name: "npm and the sandbox's command", command: "npm run pulumi -- version" },
    options.runs,
    () => timed(onStack("version")),
  );
  const pace = options.runs === 0 ? [] : await measurePace(settings, options.runs, progress);

  const results = {
    machine,
    measurements,
    pace,
    userData: userDataSizes(await npmOutput(onStack("stack", "export", "--show-secrets"))),
  };
  console.log(options.json ? asJson(results) : asTable(results));
}

async function simulated(clientCounts: readonly number[]): Promise<void> {
  const { path: cli } = await installTool(pulumi, settings.cacheDir, progress);
  await scale((repeat) => measureGrowth(cli, clientCounts, repeat));
}

function chosen(): Promise<void> {
  if (options.scale) return scale((repeat) => measureScale(options.scale ?? [], repeat));
  if (options.simulated) return simulated(options.simulated);
  return options.load ? load() : main();
}

await chosen().catch((error: unknown) => {
  progress(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
});
