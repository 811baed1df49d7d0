/** Commands that read the stack's configuration file. */
const readsConfiguration = new Set([
  ...[
    "up",
    "update",
    "preview",
    "pre",
    "refresh",
    "destroy",
    "down",
    "dn",
    "import",
    "watch",
    "logs",
    "config",
  ],
]);

/** Global flags whose value is the next argument. */
const flagsWithValue = new Set(["-C", "--cwd", "--color", "-v", "--verbose", "--tracing", "--profiling"]);

/**
 * The arguments with `--config-file` where the command takes it, so that Pulumi reads the sandbox's generated
 * configuration and not the tracked file. Left alone if the user names a stack or a file. `stack rm` keeps the
 * tracked file, which Pulumi would delete.
 */
export function pulumiArguments(args: readonly string[], configFile: string): string[] {
  const at = commandIndex(args);
  const command = args[at];
  if (command === undefined || args.some(namesStackOrFile)) return [...args];
  if (readsConfiguration.has(command)) {
    return [...args.slice(0, at + 1), "--config-file", configFile, ...args.slice(at + 1)];
  }
  if (command === "stack" && args[at + 1] === "rm" && !args.includes("--preserve-config")) {
    return [...args.slice(0, at + 2), "--preserve-config", ...args.slice(at + 2)];
  }
  return [...args];
}

function commandIndex(args: readonly string[]): number {
  for (let index = 0; index < args.length; index++) {
    const argument = args[index] ?? "";
    if (!argument.startsWith("-")) return index;
    if (flagsWithValue.has(argument)) index++;
  }
  return args.length;
}

function namesStackOrFile(argument: string): boolean {
  return /^(--stack|-s|--config-file)(=|$)/.test(argument);
}
