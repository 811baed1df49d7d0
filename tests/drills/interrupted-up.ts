import { setTimeout as delay } from "node:timers/promises";
import type { SandboxSettings } from "../../sandbox/settings.ts";
import { accountOf } from "./account.ts";
import { dropletIdOf } from "../support/droplet-id.ts";
import type { LoggedRequest } from "./account.ts";
import { refreshAccount } from "./refresh-account.ts";
import { nextImage } from "./roll.ts";
import { runningSandbox } from "./running-sandbox.ts";
import type { Report } from "./running-sandbox.ts";
import { underProbe } from "./measures/under-probe.ts";
import type { Measures } from "./measures/under-probe.ts";

/** At which of the update's requests it is killed. */
const point = (request: LoggedRequest) =>
  request.method === "DELETE" && request.path.startsWith("/v2/droplets/");

/**
 * `npm run drill -- interrupted-up`: the CLI is killed in the middle of a roll, when the first droplet is being deleted;
 * `pulumi cancel` gives the lock back, `pulumi refresh` notes what was done, and the next `pulumi up` finishes.
 */
export async function interruptedUp(settings: SandboxSettings, report: Report): Promise<Measures> {
  const sandbox = await runningSandbox(settings, report);
  const account = await accountOf(sandbox);
  const image = await nextImage(sandbox);
  await sandbox.setConfig("image", image);
  const { measures } = await underProbe(sandbox, report, async () => {
    const begun = Date.now();
    const update = sandbox.beginUp();
    const struck = async () => (await account.requestsSince(begun)).find(point);
    let request = await struck();
    for (; request === undefined; request = await struck()) await delay(200);
    update.kill();
    report(
      `the update is killed after ${Math.round((Date.now() - begun) / 1000)} s; it ended with ${await update.ended}`,
    );
    // What was asked for goes on, and a refresh before its end would note what is no longer so a moment later.
    await account.dropletGone(dropletIdOf(request.path));
    await sandbox.run("cancel", "--yes");
    await sandbox.run(...refreshAccount);
    await sandbox.up();
  });
  await sandbox.output("preview", "--expect-no-changes");
  return measures;
}
