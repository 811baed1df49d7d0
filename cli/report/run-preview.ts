import { LocalWorkspace, Stack } from "@pulumi/pulumi/automation/index.js";
import type { EngineEvent } from "@pulumi/pulumi/automation/index.js";
import { execa } from "execa";
import type { StackOutputs } from "./cluster-access.ts";
import { nodeDroplets } from "./node-images.ts";
import type { NodeDroplet } from "./node-images.ts";
import { secretTexts } from "./secrets/redact.ts";
import { secretsOfState } from "./secrets/secrets-of-state.ts";

export interface PreviewOptions {
  readonly stack: string;
  /** Directory of the Pulumi project. */
  readonly directory: string;
  /** Instead of `Pulumi.STACK.yaml`. */
  readonly configFile?: string;
  readonly policyPacks: readonly string[];
}

/** What the stack is and what a preview of it said. */
export interface Preview {
  readonly succeeded: boolean;
  readonly events: readonly EngineEvent[];
  /** The stack's configuration in clear text, by key. */
  readonly config: Readonly<Record<string, string>>;
  /** Outputs of the newest update in clear text. */
  readonly outputs: StackOutputs;
  /** Droplets of nodes, as the newest update left them. */
  readonly droplets: readonly NodeDroplet[];
  /** Values that must not appear in the report: the secrets of the configuration and of the stack's state. */
  readonly secrets: readonly string[];
}

interface ConfigEntry {
  readonly value?: string;
  readonly secret?: boolean;
}

/** Previews a stack of a local program by Pulumi's Automation API, and reads its configuration and outputs. */
export async function runPreview(options: PreviewOptions): Promise<Preview> {
  const { directory, configFile, policyPacks } = options;
  await requirePulumi();
  const workspace = await LocalWorkspace.create({ workDir: directory });
  // Another selected stack would be the one that the operator's next `pulumi up` changes.
  workspace.selectStack = async () => void (await pulumi(options, "stack"));
  const stack = await Stack.select(options.stack, workspace);
  const [config, outputs, state] = await Promise.all([
    readConfig(options),
    stack.outputs(),
    stack.exportStack(),
  ]);
  const events: EngineEvent[] = [];
  const succeeded = await stack
    .preview({
      onEvent: (event) => events.push(event),
      color: "never",
      policyPacks: [...policyPacks],
      ...(configFile !== undefined && { configFile }),
    })
    .then(
      () => true,
      (error: unknown) => {
        // A preview that ran says itself why it failed.
        if (events.some(({ summaryEvent }) => summaryEvent)) return false;
        throw error;
      },
    );
  const entries = Object.entries(config);
  return {
    succeeded,
    events,
    config: Object.fromEntries(entries.map(([key, { value = "" }]) => [key, value])),
    outputs: Object.fromEntries(
      Object.entries(outputs).map(([name, output]) => [name, output.value as unknown]),
    ),
    droplets: nodeDroplets(state.deployment),
    secrets: [
      ...entries.flatMap(([, { value, secret }]) => (secret ? secretTexts(value) : [])),
      ...secretsOfState(state.deployment),
    ],
  };
}

/** The Automation API would fail with an object that says nothing of what is missing. */
async function requirePulumi(): Promise<void> {
  const { code } = await execa("pulumi", ["version"], { reject: false });
  if (code === "ENOENT")
    throw new Error(
      "pulumi is not on PATH: install it as https://www.pulumi.com/docs/install/ says; of the sandbox's stack `npm run report` " +
        "makes the report with the sandbox's own",
    );
}

async function readConfig(options: PreviewOptions): Promise<Record<string, ConfigEntry>> {
  const file = options.configFile === undefined ? [] : ["--config-file", options.configFile];
  const text = await pulumi(options, "config", ...file, "--json", "--show-secrets");
  return JSON.parse(text) as Record<string, ConfigEntry>;
}

/** Fails with what the CLI says. */
async function pulumi({ directory, stack }: PreviewOptions, ...args: string[]): Promise<string> {
  const { stdout, stderr, failed } = await execa(
    "pulumi",
    [...args, "--stack", stack, "--non-interactive", "--color", "never"],
    { cwd: directory, stdin: "ignore", reject: false },
  );
  if (failed) throw new Error(`pulumi ${args[0]}: ${stderr.trim()}`);
  return stdout;
}
