// `npm run drill -- NAME`: does to the sandbox's cluster what its operators must be able to do, and measures it.
import path from "node:path";
import { Command, Option } from "commander";
import { sandboxSettings } from "../../sandbox/settings.ts";
import type { SandboxSettings } from "../../sandbox/settings.ts";
import { faults } from "./faults/drill.ts";
import type { FaultsDrillOptions } from "./faults/drill.ts";
import { ghostAway } from "./ghost-away.ts";
import { interruptedUp } from "./interrupted-up.ts";
import { lostNode } from "./lost-node.ts";
import { roll } from "./roll.ts";
import type { Report } from "./running-sandbox.ts";
import { scale } from "./scale.ts";
import { servers } from "./servers.ts";

// Where Debian keeps programs for root, which some shells leave out.
process.env["PATH"] = [process.env["PATH"], "/usr/sbin", "/sbin"].filter(Boolean).join(path.delimiter);
const settings = sandboxSettings(path.resolve(import.meta.dirname, "../.."));
const report: Report = (text) => console.error(text);

const program = new Command("npm run drill --")
  .description(
    "Changes the cluster of the running sandbox while the blog is read, and prints one line of JSON with what was " +
      "measured; docs/operations.md says what each number is. Everything else goes to standard error. " +
      "Starts the sandbox if none runs.",
  )
  .showHelpAfterError();

/** `run` returns what is printed. */
function drill(
  name: string,
  description: string,
  run: (settings: SandboxSettings, report: Report) => Promise<object>,
): void {
  program
    .command(name)
    .description(description)
    .action(async () => console.log(JSON.stringify(await run(settings, report))));
}

drill("roll", "changes the image of every droplet, one after another", roll);
drill("lost-node", "deletes a droplet past Pulumi, and brings it back with refresh and up", lostNode);
drill(
  "ghost-away",
  "stops Ghost for five minutes, and reads pages that were read before and others",
  ghostAway,
);
drill("scale", "adds a client, and removes it again", scale);
drill("servers", "adds two servers, and removes them again", servers);
drill(
  "interrupted-up",
  "kills an update in the middle of a roll, and finishes it with the next",
  interruptedUp,
);
program
  .command("faults")
  .description(
    "lets a call or a step of a roll or of a first creation fail, each in turn, on clusters of its own: see docs/faults.md; needs no sandbox",
  )
  .addOption(new Option("--of <update>", "what is struck").choices(["roll", "creation"]).default("roll"))
  .option(
    "--plugins <directory>",
    "take the provider plugins in it, such as an official one, before the stand-ins",
  )
  .option(
    "--only <pattern>",
    "run the cases alone whose description matches this regular expression",
    (pattern) => new RegExp(pattern),
  )
  .option("--list", "name the cases and run none")
  .option("--benches <number>", "clusters side by side", Number, 2)
  .option(
    "--first-bench <number>",
    "number of the first cluster, 0 to 99, for drills side by side: each cluster has a number, and so addresses, of its own",
    Number,
    0,
  )
  .action(async (options: FaultsDrillOptions) =>
    console.log(JSON.stringify(await faults(settings, report, options))),
  );

try {
  await program.parseAsync();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
