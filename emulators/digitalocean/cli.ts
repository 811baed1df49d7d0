import { Command, InvalidArgumentError, Option } from "commander";
import { edgeSwitches } from "./edges.ts";
import { startDigitalOceanApi } from "./index.ts";
import { errorMessage } from "./requests/errors.ts";

function wholeNumber(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError("It must be a whole number.");
  return Number(text);
}

interface CommandOptions {
  readonly token: string;
  readonly port: number;
  readonly address: string;
  readonly data?: string;
  readonly log?: string;
  readonly defaultVpc: readonly string[];
  readonly dropletDelay: number;
  readonly actionDelay: number;
  readonly firewallDelay: number;
  readonly loadBalancerDelay: number;
  readonly metadataDelay: number;
  readonly shutdownDelay: number;
  readonly releaseDelay: number;
  readonly without: readonly string[];
  readonly ignoresShutdown: string;
  readonly retiredImage: readonly string[];
}

const milliseconds = (flag: string, what: string, byDefault = 300) =>
  new Option(`--${flag} <milliseconds>`, `time ${what}`).default(byDefault).argParser(wholeNumber);

const command = new Command("digitalocean-emulator")
  .description(
    "Answers the DigitalOcean API v2 for tests. Droplets and volumes are stored only: nothing runs, nothing costs.",
  )
  .addOption(
    new Option("--token <token>", "bearer token to accept; prefer the variable, a command line is public")
      .env("DIGITALOCEAN_TOKEN")
      .makeOptionMandatory(),
  )
  .addOption(new Option("--port <number>", "port, 0 for any free one").default(8080).argParser(wholeNumber))
  .option("--address <address>", "address to listen on", "127.0.0.1")
  .option("--data <file>", "SQLite file that keeps everything (default: in memory)")
  .option("--log <file>", "file that gets one JSON line for each request (default: in memory)")
  .option("--default-vpc <region...>", "regions that have a default VPC from the start", [])
  .addOption(milliseconds("droplet-delay", "before a droplet is created or destroyed"))
  .addOption(milliseconds("action-delay", "before any other action is done"))
  .addOption(milliseconds("firewall-delay", "before changed firewalls are applied"))
  .addOption(milliseconds("load-balancer-delay", "before a load balancer is created or changed"))
  .addOption(milliseconds("metadata-delay", "that a droplet which became active is kept from other actions"))
  .addOption(milliseconds("shutdown-delay", "that a shutdown takes", 1000))
  .addOption(milliseconds("release-delay", "that what a droplet held stays after it is gone", 1000))
  .addOption(new Option("--without <edge...>", "edges that are off").choices(edgeSwitches).default([]))
  .option(
    "--ignores-shutdown <names>",
    "regular expression of names of droplets that no shutdown reaches",
    "",
  )
  .option("--retired-image <slug...>", "images that can no longer be had", [])
  .addHelpText(
    "after",
    `
Example:
  $ export DIGITALOCEAN_TOKEN=any-text
  $ npx digitalocean-emulator --port 8080 &
  $ curl --header "Authorization: Bearer $DIGITALOCEAN_TOKEN" http://127.0.0.1:8080/v2/account`,
  );

const options = command.parse().opts<CommandOptions>();
try {
  const api = await startDigitalOceanApi({
    tokens: [options.token],
    port: options.port,
    address: options.address,
    ...(options.data === undefined ? {} : { databaseFile: options.data }),
    ...(options.log === undefined ? {} : { logFile: options.log }),
    regionsWithDefaultVpc: options.defaultVpc,
    delays: {
      droplet: options.dropletDelay,
      action: options.actionDelay,
      firewall: options.firewallDelay,
      loadBalancer: options.loadBalancerDelay,
      metadata: options.metadataDelay,
      shutdown: options.shutdownDelay,
      release: options.releaseDelay,
    },
    edges: {
      ...Object.fromEntries(options.without.map((edge) => [edge, false])),
      ignoresShutdown: options.ignoresShutdown,
      retiredImages: options.retiredImage,
    },
  });
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => void api.close());
  console.log(`DigitalOcean emulator on ${api.url}`);
} catch (error) {
  command.error(`error: ${errorMessage(error)}`);
}
