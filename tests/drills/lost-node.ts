import type { SandboxSettings } from "../../sandbox/settings.ts";
import { accountOf } from "./account.ts";
import { dropletIdOf } from "../support/droplet-id.ts";
import { refreshAccount } from "./refresh-account.ts";
import { runningSandbox } from "./running-sandbox.ts";
import type { Report } from "./running-sandbox.ts";
import { underProbe } from "./measures/under-probe.ts";
import type { Measures } from "./measures/under-probe.ts";

/**
 * `npm run drill -- lost-node`: the droplet of the slot that ghost's volume belongs to is deleted past Pulumi, and
 * `pulumi refresh` and `pulumi up` bring it back.
 */
export async function lostNode(settings: SandboxSettings, report: Report): Promise<Measures> {
  const sandbox = await runningSandbox(settings, report);
  const account = await accountOf(sandbox);
  const { measures } = await underProbe(sandbox, report, async ({ lost, ghostNode }) => {
    if (ghostNode === undefined) throw new Error("ghost does not run: `npm run status` says what does");
    report(`${ghostNode}, which runs ghost, loses its droplet`);
    lost(ghostNode);
    await account.deleteDroplet(dropletIdOf(ghostNode));
    await sandbox.run(...refreshAccount);
    await sandbox.up();
  });
  return measures;
}
