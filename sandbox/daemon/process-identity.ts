import { readFile } from "node:fs/promises";

/** Distinguishes a process from a later one with the same pid. */
export interface ProcessIdentity {
  readonly pid: number;
  /** Identifies the boot of the machine and the moment in it at which the process began. */
  readonly began: string;
}

/** Undefined if there is no such process, or only a zombie. */
export async function identifyProcess(pid: number): Promise<ProcessIdentity | undefined> {
  const [stat, boot] = await Promise.all([
    readProc(`/proc/${pid}/stat`),
    readProc("/proc/sys/kernel/random/boot_id"),
  ]);
  if (stat === undefined) return undefined;
  // The second field, the program's name in brackets, may hold blanks and brackets; the third is the state.
  const [state, ...fields] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  if (state === "Z" || state === "X") return undefined;
  return { pid, began: `${boot?.trim() ?? ""}/${fields[18] ?? ""}` };
}

/** Whether that very process still runs. */
export async function isAlive(identity: ProcessIdentity): Promise<boolean> {
  return (await identifyProcess(identity.pid))?.began === identity.began;
}

/** Name of the program that a process runs, cut to 15 characters by the kernel. */
export async function programName(pid: number): Promise<string | undefined> {
  return (await readProc(`/proc/${pid}/comm`))?.trim();
}

async function readProc(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === "ENOENT" || code === "ESRCH") return undefined;
    throw error;
  }
}
