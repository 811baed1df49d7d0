#!/usr/bin/env node
// `nomad-digitalocean`: what operators run beside Pulumi on a stack, in the sandbox and on an account alike.
import { Command } from "commander";
import { decryptCommand } from "./decrypt-snapshot.ts";
import { reportCommand } from "./report/command.ts";
import { restoreCommand } from "./restore/command.ts";

const program = new Command("nomad-digitalocean")
  .description("What operators run beside Pulumi on a stack that runs Nomad on DigitalOcean")
  .addCommand(reportCommand())
  .addCommand(decryptCommand())
  .addCommand(restoreCommand())
  .showHelpAfterError();

try {
  await program.parseAsync();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
