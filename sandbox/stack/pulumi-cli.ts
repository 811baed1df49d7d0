import { execa } from "execa";
import type { InstalledTool } from "../tools/tool.ts";
import { exitCodeOf, runOnTerminal } from "./run-on-terminal.ts";
import type { TerminalOptions } from "./run-on-terminal.ts";

/** The Pulumi CLI on the sandbox stack. */
export interface PulumiCli {
  /** Runs it on the user's terminal and returns its exit code. */
  onTerminal(args: readonly string[]): Promise<number>;
  /** Runs it without questions and returns what it printed; fails with its errors. */
  output(args: readonly string[], input?: string): Promise<string>;
  /** Begins to run it without questions, all that it prints on this process's standard error. */
  begin(args: readonly string[]): PulumiProcess;
}

export interface PulumiProcess {
  /** Exit code; 143 if a signal ended it. */
  readonly ended: Promise<number>;
  /** Ends it at once, as the kernel does when memory runs out. */
  kill(): void;
}

export function pulumiCli(pulumi: InstalledTool, options: TerminalOptions): PulumiCli {
  return {
    onTerminal: (args) => runOnTerminal(pulumi.path, args, options),
    output: async (args, input) => {
      const result = await execa(pulumi.path, [...args, "--non-interactive"], {
        ...options,
        ...(input === undefined ? { stdin: "ignore" } : { input }),
      });
      return result.stdout;
    },
    begin: (args) => {
      const subprocess = execa(pulumi.path, [...args, "--non-interactive"], {
        ...options,
        stdio: ["ignore", 2, 2],
        reject: false,
      });
      return {
        ended: subprocess.then(exitCodeOf),
        kill: () => void subprocess.kill("SIGKILL"),
      };
    },
  };
}
