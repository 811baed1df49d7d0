import { errorMessage } from "../../error-message.ts";
import { poll, NotYet } from "../poll.ts";
import type { PollOptions } from "../poll.ts";
import { refreshCommand } from "../recovery.ts";
import type { RolloutContext } from "../context.ts";
import { nodeNameOf } from "../../nodes/names.ts";
import type { ClusterDroplet } from "../observe/account-droplets.ts";

/**
 * Droplets of the slot beside the one that Pulumi knows, which is the one of the node `nodeName`. They come from an update
 * that was killed before it could note what it had made, or from a request that was carried out twice because the
 * answer to the first was lost.
 */
export async function findDuplicates(
  { desired, droplets, account }: Pick<RolloutContext, "desired" | "droplets" | "account">,
  slot: string,
  nodeName: string,
  options: PollOptions,
): Promise<readonly ClusterDroplet[]> {
  const { dropletName } = desired.find((candidate) => candidate.slot === slot)!;
  const ofSlot = (listed: readonly ClusterDroplet[]) => listed.filter(({ name }) => name === dropletName);
  const isKnown = (droplet: ClusterDroplet) => nodeNameOf(droplet) === nodeName;
  const before = ofSlot(droplets);
  if (before.length === 1 && isKnown(before[0]!)) return [];
  const look = async () => {
    const now = ofSlot(await account.list());
    // A list may come a moment later than the droplet. Without it, none of the others is known to be too many.
    return now.some(isKnown) ? now : new NotYet(`the account lists no ${nodeName}`);
  };
  try {
    return (await poll("looking for the droplet", look, options)).filter((droplet) => !isKnown(droplet));
  } catch (error) {
    throw new Error(
      `${errorMessage(error)}. If it has left the account, Pulumi does not know it yet: run \`${refreshCommand}\`, then ` +
        "`pulumi up` again",
      { cause: error },
    );
  }
}
