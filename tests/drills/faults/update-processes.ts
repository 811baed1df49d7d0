import { execa } from "execa";

interface Process {
  readonly pid: number;
  readonly parent: number;
  readonly command: string;
}

/** Parts of an update that are processes below the CLI. */
const partOf = {
  program: /@pulumi\/pulumi\/cmd\/run/,
  plugin: /plugins\/digitalocean\/main\.ts|pulumi-resource-digitalocean/,
} as const;

/** Ids of the processes of this part of the update that the CLI with the id `cli` runs. */
export async function processesOf(cli: number, part: keyof typeof partOf): Promise<number[]> {
  return (await descendants(cli)).filter(({ command }) => partOf[part].test(command)).map(({ pid }) => pid);
}

/** Ids of all processes below the one with this id. */
export async function descendantIds(pid: number): Promise<number[]> {
  return (await descendants(pid)).map((process) => process.pid);
}

async function descendants(root: number): Promise<Process[]> {
  const { stdout } = await execa("ps", ["-A", "-ww", "-o", "pid=,ppid=,args="]);
  const all = stdout.split("\n").flatMap((line): Process[] => {
    const [, pid, parent, command] = /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line) ?? [];
    return pid && parent ? [{ pid: Number(pid), parent: Number(parent), command: command ?? "" }] : [];
  });
  const below = (parent: number): Process[] =>
    all.filter((process) => process.parent === parent).flatMap((child) => [child, ...below(child.pid)]);
  return below(root);
}
