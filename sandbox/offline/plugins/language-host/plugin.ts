import { readOptions, resolveRunner } from "./program.ts";
import type { ProgramCommand, RuntimeOptions } from "./program.ts";

/** The plugin that the engine asks the language host to run: a folder with PulumiPlugin.yaml. */
export interface PluginRequest {
  readonly programDirectory: string;
  /** `resource` for components; `analyzer`, a policy pack in a folder, is refused. */
  readonly kind: string;
  readonly arguments: readonly string[];
  /** The whole environment, each `NAME=value`. */
  readonly environment: readonly string[];
  readonly options: RuntimeOptions;
}

/** How to start the plugin with Node. Throws like `programCommand`, and for plugins that serve no components. */
export function pluginCommand(request: PluginRequest): ProgramCommand {
  if (request.kind !== "resource")
    throw new Error(
      `this stand-in runs no ${request.kind} plugin from a folder; give a policy pack as an executable file`,
    );
  const options = readOptions(request.options);
  const entries = request.environment.map((entry): [string, string] => {
    const end = entry.indexOf("=");
    return [entry.slice(0, end), entry.slice(end + 1)];
  });
  return {
    environment: { ...Object.fromEntries(entries), ...options.environment },
    arguments: [
      resolveRunner("run-plugin", request.programDirectory),
      // As the official host places them: the plugin's, not Node's.
      ...options.arguments,
      request.programDirectory,
      ...request.arguments,
    ],
  };
}
