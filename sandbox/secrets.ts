import { randomBytes } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import type { SandboxSettings } from "./settings.ts";

/** Made at random for each sandbox; they open nothing outside it. */
export interface SandboxSecrets {
  readonly passphrase: string;
  readonly digitaloceanToken: string;
  readonly mackerelApiKey: string;
}

/** File with the passphrase of the stack's secrets alone, as Pulumi takes it. */
export const passphraseFile = (settings: SandboxSettings) => path.join(settings.stateDir, "passphrase");

/** The sandbox's secrets, made at the first call; only their owner may read the files. */
export async function sandboxSecrets(settings: SandboxSettings): Promise<SandboxSecrets> {
  const file = path.join(settings.stateDir, "secrets.json");
  await mkdir(settings.stateDir, { recursive: true });
  const made: SandboxSecrets = {
    passphrase: randomBytes(24).toString("base64url"),
    digitaloceanToken: `dop_v1_${randomBytes(32).toString("hex")}`,
    mackerelApiKey: randomBytes(33).toString("base64url"),
  };
  const secrets = await readOrWrite(file, made);
  await writeFile(passphraseFile(settings), secrets.passphrase, { mode: 0o600 });
  return secrets;
}

async function readOrWrite(file: string, made: SandboxSecrets): Promise<SandboxSecrets> {
  try {
    await writeFile(file, JSON.stringify(made, null, 2), { mode: 0o600, flag: "wx" });
    return made;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    return JSON.parse(await readFile(file, "utf8")) as SandboxSecrets;
  }
}
