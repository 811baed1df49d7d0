import { errorMessage } from "../../error-message.ts";
import { nodeNameOf } from "../../nodes/names.ts";
import type { RolloutContext, RolloutOptions } from "../context.ts";
import { rolloutTimeouts } from "../context.ts";
import type { ClusterDroplet } from "../observe/account-droplets.ts";
import { NotYet, poll } from "../poll.ts";

/** Milliseconds between two looks at a droplet that is powered on. */
const interval = 3_000;

/**
 * Powers droplets on that an update which was cut off, or somebody else, left off. Resolves to the names of the nodes on
 * those that are on then. One that cannot be powered on is reported with what to do, and stops nothing by itself.
 */
export async function powerOn(
  droplets: readonly ClusterDroplet[],
  { account }: Pick<RolloutContext, "account">,
  options: RolloutOptions,
): Promise<string[]> {
  const on = await Promise.all(
    droplets.map(async (droplet) => {
      const name = nodeNameOf(droplet);
      try {
        if (!(await account.hasToken())) throw new Error("the program does not know the account's token");
        options.logger.info(`${name} is off and is powered on`);
        await powerOnAndWait(droplet, account, options);
        return [name];
      } catch (error) {
        options.logger.info(
          `${name} is off and cannot be powered on: ${errorMessage(error)}. Power it on in the account ` +
            `(\`doctl compute droplet-action power-on ${droplet.id}\`)`,
        );
        return [];
      }
    }),
  );
  return on.flat();
}

async function powerOnAndWait(
  { id, name }: ClusterDroplet,
  account: RolloutContext["account"],
  options: RolloutOptions,
): Promise<void> {
  let isAsked = false;
  const isOn = async () => {
    if ((await account.list()).find((listed) => listed.id === id)?.status !== "off") return true;
    if (!isAsked) await account.powerOn(id);
    isAsked = true;
    return new NotYet("it is off");
  };
  const settle = rolloutTimeouts(options).settle();
  await poll(`powering ${nodeNameOf({ id, name })} on`, isOn, { ...settle, interval });
}
