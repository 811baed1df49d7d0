import path from "node:path";
import { Command, Option } from "commander";
import { listText } from "./available.ts";
import { clusterOfStack } from "./cluster.ts";
import { parseMoment } from "./moment.ts";
import { RestoreCluster } from "./nomad-calls.ts";
import { availableFor, removeKept, restore } from "./restore.ts";

interface Options {
  readonly stack?: string;
  readonly cwd: string;
  readonly job: string;
  readonly list?: true;
  readonly at?: string;
  readonly replace?: string;
  readonly removeKept?: string;
}

/** `restore`: lists the backups of a running blog, and goes back to one. */
export function restoreCommand(): Command {
  return new Command("restore")
    .summary("list the backups of a blog, or go back to an earlier moment of it")
    .description(
      "Lists the backups of a running blog, or restores one: Ghost is stopped, the database and the files are restored beside " +
        "its content and put in its place, and Ghost is started again. The content from before stays on the volume until " +
        "--remove-kept. Asks the cluster of the stack, or of NOMAD_ADDR, NOMAD_CACERT and NOMAD_TOKEN if none is given.",
    )
    .option("-s, --stack <name>", "stack of the blog")
    .option("-C, --cwd <directory>", "Pulumi project", ".")
    .option("--job <id>", "Ghost's job", "ghost")
    .addOption(
      new Option("--list", "list what can be restored, and what restores kept on the volume").conflicts([
        "at",
        "removeKept",
      ]),
    )
    .addOption(
      new Option(
        "--at <time>",
        'restore the blog as it was then, for example 2026-11-27T10:00:00Z, or "latest"',
      ).conflicts("removeKept"),
    )
    .option("--replace <job>", "with --at: the id of Ghost's job, to say that its content may be replaced")
    .option("--remove-kept <name>", "delete the content from before a restore, by the name that --list shows")
    .addHelpText(
      "after",
      "\nExamples:\n  npm run restore -- --stack sgp1 --list\n  npm run restore -- --stack sgp1 --at 2026-11-27T10:00:00Z --replace ghost",
    )
    .action(run);
}

async function run({ stack, cwd, job, list, at, replace, removeKept: kept }: Options): Promise<void> {
  if (list === undefined && at === undefined && kept === undefined)
    throw new Error("say --list, --at TIME or --remove-kept NAME");
  if (replace !== undefined && at === undefined) throw new Error("--replace goes with --at");
  const moment = at === undefined ? undefined : parseMoment(at, new Date());
  const cluster = new RestoreCluster(await clusterOfStack(stack, path.resolve(cwd), process.env));
  if (moment !== undefined) {
    const before = await restore(cluster, { jobId: job, at: moment, replace }, (text) => console.log(text));
    console.log(
      `restored. The content from before is in ${before} on the volume: --remove-kept ${before} deletes it.\n` +
        "The stack's next preview warns that the job was registered by somebody else, and says which `pulumi refresh` ends that.",
    );
  } else if (kept !== undefined) {
    await removeKept(cluster, job, kept);
    console.log(`deleted ${kept}`);
  } else console.log(listText(await availableFor(cluster, job)));
}
