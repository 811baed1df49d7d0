import path from "node:path";
import writeFileAtomic from "write-file-atomic";
import type { SandboxSettings } from "../settings.ts";
import { readInstallation } from "./installation.ts";
import { runOnTerminal } from "./pulumi-cli.ts";
import { stackOutputs } from "../status/read-status.ts";
import { UsageError } from "./usage-error.ts";

/** Runs the Nomad CLI with the cluster's address, CA and management token; returns its exit code. */
export async function nomad(settings: SandboxSettings, args: readonly string[]): Promise<number> {
  const installation = await readInstallation(settings);
  const { nomadAddress, caCertificate, managementToken } = await stackOutputs(settings);
  if (!nomadAddress || !caCertificate || !managementToken) {
    throw new UsageError("the cluster is not made yet: `npm start` goes on with it");
  }
  const caFile = path.join(settings.stateDir, "nomad-ca.pem");
  // Another command may read it now.
  await writeFileAtomic(caFile, caCertificate, { mode: 0o600 });
  const own = Object.entries(process.env).filter(
    (entry): entry is [string, string] => entry[1] !== undefined && !entry[0].startsWith("NOMAD_"),
  );
  const env = {
    ...Object.fromEntries(own),
    NOMAD_ADDR: nomadAddress,
    NOMAD_CACERT: caFile,
    NOMAD_TOKEN: managementToken,
  };
  return runOnTerminal(installation.nomad.path, args, { cwd: settings.root, env, extendEnv: false });
}
