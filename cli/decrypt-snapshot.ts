// `npm run snapshot:decrypt -- FILE`: makes a snapshot that `nomad operator snapshot restore` takes of an encrypted one.
import { readFile, writeFile } from "node:fs/promises";
import { text } from "node:stream/consumers";
import { Command } from "commander";
import { decryptSnapshot } from "../components/rollout/snapshot.ts";

const suffix = ".encrypted";

async function decrypt(file: string, { output }: { output?: string }): Promise<void> {
  if (output === undefined && !file.endsWith(suffix))
    throw new Error(`"${file}" does not end in "${suffix}": name the file to write with --output`);
  const passphrase = (await text(process.stdin)).trim();
  if (passphrase === "") throw new Error("standard input is empty: the passphrase is read from there");
  const target = output ?? file.slice(0, -suffix.length);
  // It holds Nomad's keys, so it is its owner's only, and an existing file keeps what it is.
  await writeFile(target, decryptSnapshot(await readFile(file), passphrase), { mode: 0o600, flag: "wx" });
  console.log(target);
}

const program = new Command("npm run snapshot:decrypt --")
  .description(
    "Decrypts a snapshot of Nomad's state that a rollout kept. The passphrase comes from standard input:\n" +
      "  pulumi stack output snapshotPassphrase --show-secrets | npm run snapshot:decrypt -- FILE",
  )
  .argument("<file>", "snapshot in `snapshotDirectory`")
  .option("--output <file>", `what to write; default: the file without "${suffix}"`)
  .showHelpAfterError()
  .action(decrypt);

try {
  await program.parseAsync();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
