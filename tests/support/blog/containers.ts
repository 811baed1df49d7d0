import { execa } from "execa";

/**
 * Names, as `TASK-ALLOCATION`, of the running containers that have the blog's content: of this test's blog, whoever else has one on
 * this machine's Docker. `tasks` is a regular expression.
 */
export async function containersOn(content: string, tasks = "[a-z-]+"): Promise<string[]> {
  const { stdout } = await execa("docker", [
    ...["ps", "--filter", `volume=${content}`],
    ...["--format", "{{.Names}}"],
  ]);
  const named = new RegExp(`^${tasks}-[0-9a-f]{8}-[0-9a-f-]{27}$`);
  return stdout.split("\n").filter((name) => named.test(name));
}
