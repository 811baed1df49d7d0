import path from "node:path";

const root = path.resolve(import.meta.dirname, "../../..");

/** `TEST_PLUGINS` names a directory of official provider plugins to try tests with. */
const givenPlugins = [process.env["TEST_PLUGINS"] ?? []].flat();

/**
 * Environment of a `pulumi` command that uses the stand-in plugins, with its home and its backend, the folder `backend`,
 * in `directory`. What `plugins` has is taken first.
 */
export function standInEnvironment(
  pulumi: string,
  directory: string,
  plugins: readonly string[] = givenPlugins,
): Record<string, string> {
  const standIns = path.join(root, "sandbox/offline/plugins/bin");
  return {
    PATH: [...plugins, standIns, path.dirname(pulumi), process.env["PATH"]].join(path.delimiter),
    PULUMI_HOME: path.join(directory, "home"),
    PULUMI_BACKEND_URL: `file://${path.join(directory, "backend")}`,
    PULUMI_CONFIG_PASSPHRASE: "test",
    // Without it the CLI has no `--event-log`.
    PULUMI_DEBUG_COMMANDS: "true",
    PULUMI_SKIP_UPDATE_CHECK: "true",
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
  };
}
