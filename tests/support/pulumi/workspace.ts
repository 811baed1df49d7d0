import { existsSync } from "node:fs";
import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { initializeStack, pulumiCommand } from "./command.ts";
import type { PulumiResult } from "./command.ts";

const root = path.resolve(import.meta.dirname, "../../..");

/** The `pulumi` binary on PATH; undefined when there is none, so that a suite can skip itself and say why. */
export function findPulumi(environment: NodeJS.ProcessEnv = process.env): string | undefined {
  const directories = (environment["PATH"] ?? "").split(path.delimiter);
  return directories.map((directory) => path.join(directory, "pulumi")).find((file) => existsSync(file));
}

/** A project in a temporary directory with a file backend, run by the stand-in plugins of the sandbox. */
export interface PulumiWorkspace {
  readonly directory: string;
  /** Writes the program that the next command runs. */
  program(source: string): Promise<void>;
  /** Runs `pulumi ARGUMENTS` without questions. It does not throw when the command fails. */
  pulumi(...commandArguments: string[]): Promise<PulumiResult>;
  /** Sets a secret of the stack's configuration. */
  setSecret(key: string, value: string): Promise<void>;
  /** The stack's state with secrets in plain text. */
  state(): Promise<{ resources: StateResource[] }>;
  remove(): Promise<void>;
}

/** A resource of the state: the parts that tests look at. */
export interface StateResource {
  readonly type: string;
  readonly urn: string;
  readonly id?: string;
  readonly inputs?: Record<string, unknown>;
  readonly outputs?: Record<string, unknown>;
}

/** A workspace with one empty stack. `environment` is added to every command's; undefined takes a variable away. */
export async function pulumiWorkspace(
  pulumi: string,
  environment: Record<string, string | undefined> = {},
): Promise<PulumiWorkspace> {
  const directory = await mkdtemp(path.join(os.tmpdir(), "pulumi-workspace-"));
  const project = path.join(directory, "project");
  await mkdir(path.join(directory, "backend"));
  await mkdir(project);
  await symlink(path.join(root, "node_modules"), path.join(project, "node_modules"));
  await writeFile(path.join(project, "package.json"), JSON.stringify({ name: "workspace", type: "module" }));
  await writeFile(
    path.join(project, "Pulumi.yaml"),
    // JSON is YAML.
    JSON.stringify({
      ...{ name: "workspace", main: "index.ts" },
      runtime: { name: "nodejs", options: { typescript: false } },
      plugins: { providers: [{ name: "mackerel", path: path.join(root, "providers/bin") }] },
    }),
  );
  const command = pulumiCommand(pulumi, { directory, cwd: project, environment });
  const run = (commandArguments: readonly string[], input?: string) =>
    command([...commandArguments, "--non-interactive", "--color=never"], input);
  await initializeStack(command);
  return {
    directory,
    program: (source) => writeFile(path.join(project, "index.ts"), source),
    pulumi: (...commandArguments) => run(commandArguments),
    setSecret: async (key, value) => {
      // By standard input, so that no process list shows it.
      const set = await run(["config", "set", "--secret", key], value);
      if (set.exitCode !== 0) throw new Error(set.output);
    },
    state: async () => {
      const exported = await run(["stack", "export", "--show-secrets"]);
      if (exported.exitCode !== 0) throw new Error(exported.output);
      return (JSON.parse(exported.stdout) as { deployment: { resources: StateResource[] } }).deployment;
    },
    remove: () => rm(directory, { recursive: true, force: true }),
  };
}
