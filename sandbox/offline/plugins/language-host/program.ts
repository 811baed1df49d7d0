import { createRequire } from "node:module";
import path from "node:path";

/** What the engine asks the language host to run. */
export interface ProgramRequest {
  readonly monitor: string;
  readonly engine: string;
  readonly organization: string;
  readonly project: string;
  readonly stack: string;
  readonly rootDirectory: string;
  readonly programDirectory: string;
  readonly entryPoint: string;
  readonly dryRun: boolean;
  readonly parallel: number;
  readonly arguments: readonly string[];
  readonly config: Readonly<Record<string, string>>;
  readonly configSecretKeys: readonly string[];
  readonly options: RuntimeOptions;
}

/** A Node process to start. */
export interface ProgramCommand {
  readonly arguments: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
}

/** `runtime.options` of Pulumi.yaml or PulumiPlugin.yaml. */
export type RuntimeOptions = Readonly<Record<string, unknown>>;

const supportedOptions = new Set(["typescript", "nodeargs", "tsconfig", "packagemanager"]);

/** Splits `nodeargs` as a shell would, single and double quotes included. An open quote is an error. */
export function splitArguments(text: string): string[] {
  const words = text.matchAll(/(?:[^\s"']|"[^"]*"|'[^']*')+|["']/g);
  return [...words].map(([word]) => {
    if (word === '"' || word === "'") throw new Error(`runtime option nodeargs has an open quote: ${text}`);
    return word.replaceAll(
      /"([^"]*)"|'([^']*)'/g,
      (_quoted, double?: string, single?: string) => double ?? single ?? "",
    );
  });
}

function stringOption(options: RuntimeOptions, name: string): string | undefined {
  const value = options[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== "string") throw new Error(`runtime option ${name} has to be a string`);
  return value;
}

function typescriptOption(options: RuntimeOptions): boolean {
  const value = options["typescript"] ?? true;
  if (typeof value !== "boolean") throw new Error("runtime option typescript has to be true or false");
  return value;
}

/** The program directory's own copy of the SDK runs the program, so the program and its runner share one SDK. */
export function resolveRunner(runner: "run" | "run-plugin", programDirectory: string): string {
  try {
    return createRequire(path.join(programDirectory, "program.js")).resolve(`@pulumi/pulumi/cmd/${runner}`);
  } catch (error) {
    throw new Error(`@pulumi/pulumi is not installed in ${programDirectory}: run npm ci there`, {
      cause: error,
    });
  }
}

/** Arguments and environment that runtime options ask for. Throws when one is unknown or malformed. */
export function readOptions(options: RuntimeOptions): ProgramCommand {
  for (const option of Object.keys(options)) {
    if (!supportedOptions.has(option))
      throw new Error(`this stand-in does not support runtime option ${option}`);
  }
  const tsconfig = stringOption(options, "tsconfig");
  return {
    arguments: splitArguments(stringOption(options, "nodeargs") ?? ""),
    environment: {
      PULUMI_NODEJS_TYPESCRIPT: String(typescriptOption(options)),
      ...(tsconfig === undefined ? {} : { PULUMI_NODEJS_TSCONFIG_PATH: tsconfig }),
    },
  };
}

/** How to start the program with Node. Throws when a runtime option is unknown, malformed or the SDK is missing. */
export function programCommand(request: ProgramRequest): ProgramCommand {
  const options = readOptions(request.options);
  const flags: [string, string][] = [
    ["--monitor", request.monitor],
    ["--engine", request.engine],
    ["--organization", request.organization],
    ["--project", request.project],
    ["--root-directory", request.rootDirectory],
    ["--stack", request.stack],
    ["--pwd", request.programDirectory],
    ["--parallel", String(request.parallel)],
  ];
  return {
    environment: {
      PULUMI_CONFIG: JSON.stringify(request.config),
      PULUMI_CONFIG_SECRET_KEYS: JSON.stringify(request.configSecretKeys),
      ...options.environment,
    },
    arguments: [
      ...options.arguments,
      resolveRunner("run", request.programDirectory),
      ...flags.filter(([, value]) => value !== "").flat(),
      ...(request.dryRun ? ["--dry-run"] : []),
      request.entryPoint,
      ...request.arguments,
    ],
  };
}
