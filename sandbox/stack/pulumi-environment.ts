import { mkdir, readdir, rm, symlink } from "node:fs/promises";
import path from "node:path";
import writeFileAtomic from "write-file-atomic";
import { passphraseFile } from "../secrets.ts";
import { proxyExceptions } from "../settings.ts";
import type { SandboxSettings } from "../settings.ts";
import type { InstalledTool } from "../tools/tool.ts";

export const stackName = "sandbox";

/** Configuration of the sandbox stack: the tracked file and what belongs to this machine. */
export const stackConfigFile = (settings: SandboxSettings) =>
  path.join(settings.stateDir, "Pulumi.sandbox.yaml");

const pulumiHome = (settings: SandboxSettings) => path.join(settings.stateDir, "pulumi-home");

/** Variables of the user that would reach another account, backend or cluster. */
const foreign = /^(PULUMI_|DIGITALOCEAN_|SPACES_|NOMAD_|MACKEREL_)/;

/** Environment of the Pulumi CLI on the sandbox stack, free of the user's own accounts. */
export function pulumiEnvironment(
  settings: SandboxSettings,
  digitaloceanUrl: string | undefined,
  base: NodeJS.ProcessEnv,
): Record<string, string> {
  const kept = Object.entries(base).filter(
    (entry): entry is [string, string] => entry[1] !== undefined && !foreign.test(entry[0]),
  );
  return {
    ...Object.fromEntries(kept),
    ...proxyExceptions(base),
    PATH: [path.join(settings.root, "node_modules", ".bin"), base["PATH"] ?? ""].join(path.delimiter),
    PULUMI_HOME: pulumiHome(settings),
    // A plugin of another version that happens to be on the user's PATH would be taken before those of the home.
    PULUMI_IGNORE_AMBIENT_PLUGINS: "true",
    PULUMI_BACKEND_URL: `file://${path.join(settings.stateDir, "pulumi")}`,
    PULUMI_CONFIG_PASSPHRASE_FILE: passphraseFile(settings),
    PULUMI_STACK: stackName,
    PULUMI_SKIP_UPDATE_CHECK: "true",
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
    ...(digitaloceanUrl === undefined ? {} : { DIGITALOCEAN_API_URL: digitaloceanUrl }),
  };
}

/** Environment of programs that run the Pulumi CLI on the sandbox's stack; the CLI is on its PATH. */
export function cliEnvironment(
  settings: SandboxSettings,
  pulumi: InstalledTool,
  digitaloceanUrl: string | undefined,
): Record<string, string> {
  const PATH = [path.dirname(pulumi.path), process.env["PATH"] ?? ""].join(path.delimiter);
  return pulumiEnvironment(settings, digitaloceanUrl, { ...process.env, PATH });
}

/**
 * Fills the sandbox's PULUMI_HOME, where Pulumi looks for plugins by kind, name and version, with exactly those in use: the
 * stand-ins, and links to the official ones in the cache. A language host beside the CLI is found there.
 */
export async function writePlugins(
  settings: SandboxSettings,
  plugins: readonly InstalledTool[],
): Promise<void> {
  const directory = path.join(pulumiHome(settings), "plugins");
  await mkdir(directory, { recursive: true });
  const wanted = new Set<string>();
  for (const { name, version, path: installed, origin } of plugins) {
    const [, kind = "", plugin = ""] = /^pulumi-(resource|language)-(.+)$/.exec(name) ?? [];
    if (kind === "language" && origin !== "stand-in") continue;
    const folder = `${kind}-${plugin}-v${version}`;
    wanted.add(folder);
    const file = path.join(directory, folder, name);
    await rm(path.dirname(file), { recursive: true, force: true });
    await mkdir(path.dirname(file));
    if (origin === "official") await symlink(path.join(installed, name), file);
    else {
      const shim = `#!/bin/sh\nexec '${installed.replaceAll("'", `'\\''`)}' "$@"\n`;
      await writeFileAtomic(file, shim, { mode: 0o755 });
    }
  }
  for (const name of await readdir(directory)) {
    if (!wanted.has(name)) await rm(path.join(directory, name), { recursive: true });
  }
}
