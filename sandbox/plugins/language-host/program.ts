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
  /** `runtime.options` of Pulumi.yaml. */
  readonly options: Readonly<Record<string, unknown>>;
}

/** A Node process to start. */
export interface ProgramCommand {
  readonly arguments: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
}

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

function stringOption(options: ProgramRequest["options"], name: string): string | undefined {
  const value = options[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== "string") throw new Error(`runtime option ${name} has to be a string`);
  return value;
}

function typescriptOption(options: ProgramRequest["options"]): boolean {
  const value = options["typescript"] ?? true;
  if (typeof value !== "boolean") throw new Error("runtime option typescript has to be true or false");
  return value;
}

/** The program directory's own copy of the SDK runs the program, so the program and its runner share one SDK. */
function resolveRunner(programDirectory: string): string {
  try {
    return createRequire(path.join(programDirectory, "program.js")).resolve("@pulumi/pulumi/cmd/run");
  } catch (error) {
    throw new Error(`@pulumi/pulumi is not installed in ${programDirectory}: run npm ci there`, {
      cause: error,
    });
  }
}

/** How to start the program with Node. Throws when a runtime option is unknown, malformed or the SDK is missing. */
export function programCommand(request: ProgramRequest): ProgramCommand {
  for (const option of Object.keys(request.options)) {
    if (!supportedOptions.has(option))
      throw new Error(`this stand-in does not support runtime option ${option}`);
  }
  const tsconfig = stringOption(request.options, "tsconfig");
  const environment = {
    PULUMI_CONFIG: JSON.stringify(request.config),
    PULUMI_CONFIG_SECRET_KEYS: JSON.stringify(request.configSecretKeys),
    PULUMI_NODEJS_TYPESCRIPT: String(typescriptOption(request.options)),
    ...(tsconfig === undefined ? {} : { PULUMI_NODEJS_TSCONFIG_PATH: tsconfig }),
  };
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
    environment,
    arguments: [
      ...splitArguments(stringOption(request.options, "nodeargs") ?? ""),
      resolveRunner(request.programDirectory),
      ...flags.filter(([, value]) => value !== "").flat(),
      ...(request.dryRun ? ["--dry-run"] : []),
      request.entryPoint,
      ...request.arguments,
    ],
  };
}
