import { Command, InvalidArgumentError, Option } from "commander";
import { startMackerelApi } from "./index.ts";

function wholeNumber(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError("It must be a whole number.");
  return Number(text);
}

interface CommandOptions {
  readonly key: string;
  readonly readKey?: string;
  readonly port: number;
  readonly address: string;
  readonly data?: string;
  readonly log?: string;
}

const command = new Command("mackerel-emulator")
  .description("Answers the Mackerel API v0 for tests, and for agents that have nothing else to report to.")
  .addOption(
    new Option(
      "--key <key>",
      "API key that may read and write; prefer the variable, a command line is public",
    )
      .env("MACKEREL_APIKEY")
      .makeOptionMandatory(),
  )
  .addOption(new Option("--read-key <key>", "API key that may only read").env("MACKEREL_READ_APIKEY"))
  .addOption(new Option("--port <number>", "port, 0 for any free one").default(8081).argParser(wholeNumber))
  .option("--address <address>", "address to listen on", "127.0.0.1")
  .option("--data <file>", "SQLite file that keeps everything (default: in memory)")
  .option("--log <file>", "file that gets one JSON line for each request (default: in memory)")
  .addHelpText(
    "after",
    `
Example:
  $ export MACKEREL_APIKEY=any-text
  $ npx mackerel-emulator --port 8081 &
  $ curl --header "X-Api-Key: $MACKEREL_APIKEY" http://127.0.0.1:8081/api/v0/hosts`,
  );

const options = command.parse().opts<CommandOptions>();
try {
  const api = await startMackerelApi({
    apiKeys: [
      { key: options.key, writes: true },
      ...(options.readKey === undefined ? [] : [{ key: options.readKey, writes: false }]),
    ],
    port: options.port,
    address: options.address,
    ...(options.data === undefined ? {} : { databaseFile: options.data }),
    ...(options.log === undefined ? {} : { logFile: options.log }),
  });
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => void api.close());
  console.log(`Mackerel emulator on ${api.url}`);
} catch (error) {
  command.error(`error: ${error instanceof Error ? error.message : String(error)}`);
}
