import { run } from "./commands.ts";

const inotifyInstances = 1024;

/**
 * Raises what the host allows all droplets together, and lowers nothing. A droplet holds nine inotify instances (counted), all of
 * them root's, and Linux allows a user 128: beyond that what boots in a droplet fails with "too many open files".
 */
export async function raiseHostLimits(): Promise<void> {
  const setting = "fs.inotify.max_user_instances";
  if (Number(await run("sysctl", ["-n", setting])) < inotifyInstances)
    await run("sysctl", ["-q", "-w", `${setting}=${inotifyInstances}`]);
}
