import path from "node:path";
import { readInstallation } from "../../../sandbox/tools/installation.ts";
import { pulumiEnvironment } from "../../../sandbox/stack/pulumi-environment.ts";
import { pulumiCommand } from "./command.ts";
import { pulumi as sandboxPulumi, settings, status } from "../sandbox.ts";

/** A stack beside the tests' sandbox: in the same backend and the same emulated account. */
export interface ExampleStack {
  /** Runs `pulumi ARGUMENTS` without questions and returns its standard output; fails with all that it printed. */
  pulumi(...args: string[]): Promise<string>;
  /** The stack's outputs, secrets too. */
  outputs<Outputs>(): Promise<Outputs>;
}

export interface ExampleStackArgs {
  /** Name of the stack. */
  readonly name: string;
  /** Has the project's Pulumi.yaml; the stack's configuration is kept there. */
  readonly directory: string;
  /** Where the program is, if not in `directory`. */
  readonly program?: string;
  /** Keys as `pulumi config set --path` takes them. */
  readonly configuration: Readonly<Record<string, string>>;
  readonly secrets: Readonly<Record<string, string>>;
}

/** Makes the stack and configures it. */
export async function exampleStack(args: ExampleStackArgs): Promise<ExampleStack> {
  const { name, directory, program = directory } = args;
  const installation = await readInstallation(settings);
  const { digitalocean } = (await status()).addresses;
  const environment = {
    ...pulumiEnvironment(settings, digitalocean, process.env),
    PULUMI_STACK: name,
    // The YAML language host is on the tests' PATH.
    PULUMI_IGNORE_AMBIENT_PLUGINS: undefined,
    // The sandbox's passphrase is in a file, which one given by itself would hide.
    PULUMI_CONFIG_PASSPHRASE: undefined,
  };
  const commandIn = (cwd: string) => pulumiCommand(installation.pulumi.path, { directory, cwd, environment });
  const inProject = commandIn(directory);
  const inProgram = commandIn(program);
  const configFile = ["--config-file", path.join(directory, `Pulumi.${name}.yaml`)];
  const pulumi = async (commandArguments: readonly string[], input?: string) => {
    const runsProgram = ["up", "preview", "destroy"].includes(commandArguments[0] ?? "");
    const run = runsProgram ? inProgram : inProject;
    const options = ["--non-interactive", "--color=never", ...(runsProgram ? configFile : [])];
    const { exitCode, output, stdout } = await run([...commandArguments, ...options], input);
    if (exitCode !== 0) throw new Error(output);
    return stdout;
  };

  await pulumi(["stack", "init", name]);
  const plain = Object.entries(args.configuration).flatMap(([key, value]) => [
    "--plaintext",
    `${key}=${value}`,
  ]);
  await pulumi(["config", "set-all", "--path", ...plain]);
  // By standard input, so that no process list shows it.
  for (const [key, value] of Object.entries(args.secrets))
    await pulumi(["config", "set", "--secret", key], value);
  return {
    pulumi: (...commandArguments) => pulumi(commandArguments),
    outputs: async <Outputs>() =>
      JSON.parse(await pulumi(["stack", "output", "--json", "--show-secrets"])) as Outputs,
  };
}

/** What the sandbox's stack is configured with because of this machine: keys of the program, `prefix` before each. */
export async function machineSettings(prefix = ""): Promise<Record<string, string>> {
  const all = JSON.parse(await sandboxPulumi("config", "--json")) as Record<string, { value: string }>;
  const value = (key: string) => {
    const entry = all[`nomad-digitalocean:${key}`];
    if (entry === undefined) throw new Error(`the sandbox's stack has no ${key}`);
    return entry.value;
  };
  const plain = ["nomadVersion", "nomadSha256", "nomadDownloadUrl", "aptMirror"].map((key) => [
    prefix + key,
    value(key),
  ]);
  const lists = ["dockerRegistryMirrors", "operatorCidrs"].flatMap((key) =>
    (JSON.parse(value(key)) as string[]).map((item, index) => [`${prefix}${key}[${index}]`, item]),
  );
  return Object.fromEntries([...plain, ...lists]) as Record<string, string>;
}
