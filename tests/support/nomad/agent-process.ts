import { execa } from "execa";

/**
 * Starts the agent of a droplet that is none, and returns what ends it: that resolves when all that ran in the droplet is
 * gone. It has a process namespace of its own, and ends with this process. `configuration` is the path of the agent's
 * configuration, beside which its log lies.
 */
export function startAgentProcess(program: string, configuration: string): () => Promise<void> {
  const agent = execa(
    "setpriv",
    [
      ...["--pdeathsig", "KILL", "unshare"],
      ...["--pid", "--fork", "--kill-child=SIGKILL", "--mount-proc"],
      ...[program, "agent", "-config", configuration],
    ],
    {
      reject: false,
      buffer: false,
      stdin: "ignore",
      stdout: { file: `${configuration}.log`, append: true },
      stderr: "ignore",
    },
  );
  return async () => {
    agent.kill("SIGKILL");
    await agent;
  };
}
