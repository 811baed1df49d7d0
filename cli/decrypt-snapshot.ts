import { readFile, writeFile } from "node:fs/promises";
import { text } from "node:stream/consumers";
import { Command } from "commander";
import { decryptSnapshot } from "../components/rollout/snapshot.ts";

const suffix = ".age";

/** `decrypt`: makes a snapshot that `nomad operator snapshot restore` accepts from an encrypted one. */
export function decryptCommand(): Command {
  return new Command("decrypt")
    .description(
      "decrypt a snapshot of Nomad's state that a rollout saved; reads the passphrase from standard input",
    )
    .argument("<file>", "snapshot in `snapshotDirectory`")
    .option("--output <file>", `file to write (default: <file> without "${suffix}")`)
    .addHelpText(
      "after",
      "\nExample:\n  pulumi stack output snapshotPassphrase --show-secrets | nomad-digitalocean decrypt FILE.snapshot.age",
    )
    .action(decrypt);
}

async function decrypt(file: string, { output }: { output?: string }): Promise<void> {
  if (output === undefined && !file.endsWith(suffix))
    throw new Error(`"${file}" does not end in "${suffix}": name the file to write with --output`);
  const passphrase = (await text(process.stdin)).trim();
  if (passphrase === "") throw new Error("standard input is empty: the passphrase is read from there");
  const target = output ?? file.slice(0, -suffix.length);
  // It holds Nomad's keys, so only its owner may read it, and an existing file is never overwritten.
  await writeFile(target, await decryptSnapshot(await readFile(file), passphrase), {
    mode: 0o600,
    flag: "wx",
  });
  console.log(target);
}
