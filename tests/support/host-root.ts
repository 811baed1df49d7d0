import { mkdtemp, rmdir } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { execa } from "execa";

/** A second view of this machine's file system, /proc and /sys. */
export interface HostRoot {
  readonly path: string;
  /** Takes away the mounts and the empty directory that is left, never what they show. */
  remove(): Promise<void>;
}

/**
 * Mounts `/` once more, shared, as it is on a node that systemd booted: Docker wants that of what it hands on to
 * containers, and the root of a machine that is a container itself is private. Needs root.
 */
export async function sharedHostRoot(): Promise<HostRoot> {
  const directory = await mkdtemp(path.join(os.tmpdir(), "host-root-"));
  const mounted: string[] = [];
  const bind = async (from: string, to: string) => {
    await execa("mount", ["--bind", from, to]);
    mounted.unshift(to);
    // Else it would be one with the original, also when it is unmounted.
    await execa("mount", ["--make-private", to]);
  };
  await bind("/", directory);
  await bind("/proc", path.join(directory, "proc"));
  await bind("/sys", path.join(directory, "sys"));
  await execa("mount", ["--make-shared", directory]);
  return {
    path: directory,
    remove: async () => {
      for (const target of mounted) await execa("umount", [target]);
      await rmdir(directory);
    },
  };
}
