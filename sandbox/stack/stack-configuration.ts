import { existsSync } from "node:fs";
import { copyFile, mkdir, mkdtemp, rename, rm } from "node:fs/promises";
import path from "node:path";
import type { ServiceAddresses } from "../daemon/daemon-record.ts";
import type { SandboxSecrets } from "../secrets.ts";
import type { SandboxSettings } from "../settings.ts";
import { backupsConfiguration, backupSecrets, secretBackupsConfiguration } from "../spaces/backups.ts";
import type { NomadArchive } from "../tools/nomad-archive.ts";
import type { PulumiCli } from "./pulumi-cli.ts";
import { stackConfigFile, stackName } from "./pulumi-environment.ts";

/** What of the stack's configuration belongs to this machine; keys as `pulumi config set --path` takes them. */
export function machineConfiguration(
  settings: Pick<SandboxSettings, "stateDir">,
  addresses: ServiceAddresses,
  nomad: Pick<NomadArchive, "version" | "sha256" | "folder">,
): Record<string, string> {
  const program = {
    nomadVersion: nomad.version,
    nomadSha256: nomad.sha256,
    nomadDownloadUrl: `${addresses.downloads}/${nomad.folder}`,
    aptMirror: addresses.apt,
    "dockerRegistryMirrors[0]": addresses.registry,
    "operatorCidrs[0]": `${addresses.gateway}/32`,
    mackerelApiUrl: addresses.mackerel,
    snapshotDirectory: path.join(settings.stateDir, "snapshots"),
    ...backupsConfiguration(addresses.spaces),
  };
  return ofProgram(program);
}

function ofProgram(settings: Record<string, string>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(settings).map(([key, value]) => [`nomad-digitalocean:${key}`, value]),
  );
}

/**
 * Makes the stack if it is new, and writes this machine's values into its generated configuration. What the user
 * changed there with `npm run pulumi -- config set` stays, secrets included.
 */
export async function configureStack(
  settings: SandboxSettings,
  cli: PulumiCli,
  secrets: SandboxSecrets,
  machine: Record<string, string>,
): Promise<void> {
  const file = stackConfigFile(settings);
  if (!existsSync(file)) await createStack(settings, cli, file);
  const configFile = ["--config-file", file];
  const plain = Object.entries(machine).flatMap(([key, value]) => ["--plaintext", `${key}=${value}`]);
  await cli.output(["config", ...configFile, "set-all", "--path", ...plain]);
  const present = JSON.parse(await cli.output(["config", ...configFile, "--json"])) as Record<
    string,
    unknown
  >;
  const secretValues = {
    "digitalocean:token": secrets.digitaloceanToken,
    ...ofProgram({
      mackerelApiKey: secrets.mackerelApiKey,
      ...secretBackupsConfiguration(await backupSecrets(settings)),
    }),
  };
  for (const [key, value] of Object.entries(secretValues)) {
    // Over standard input, because arguments show in process lists.
    if (!(key in present)) await cli.output(["config", ...configFile, "set", "--secret", key], value);
  }
}

/** Works in a new folder, because Pulumi writes the key of the stack's secrets into the file beside Pulumi.yaml. */
async function createStack(settings: SandboxSettings, cli: PulumiCli, configFile: string): Promise<void> {
  await mkdir(path.join(settings.stateDir, "pulumi"), { recursive: true });
  const directory = await mkdtemp(path.join(settings.stateDir, "new-stack-"));
  try {
    for (const name of ["Pulumi.yaml", "Pulumi.sandbox.yaml"]) {
      await copyFile(path.join(settings.root, name), path.join(directory, name));
    }
    // An interrupted start may have left a stack here whose encryption key is lost.
    const stacks = JSON.parse(await cli.output(["-C", directory, "stack", "ls", "--json"])) as {
      name: string;
    }[];
    if (stacks.some(({ name }) => name === stackName)) {
      await cli.output(["-C", directory, "stack", "rm", stackName, "--yes", "--preserve-config"]);
    }
    await cli.output(["-C", directory, "stack", "init", stackName]);
    await rename(path.join(directory, "Pulumi.sandbox.yaml"), configFile);
  } finally {
    await rm(directory, { recursive: true });
  }
}
