import { errorMessage } from "../../error-message.ts";
import { nodeNameOf } from "../../nodes/names.ts";
import { RolloutError } from "../context.ts";
import type { RolloutContext } from "../context.ts";

/**
 * Gives the droplets that have lost the cluster's tag theirs back: without it the firewall lets them talk to no other node.
 * Pulumi would see it only after a refresh. Returns their names.
 */
export async function putTagsBack({
  droplets,
  account,
}: Pick<RolloutContext, "droplets" | "account">): Promise<string[]> {
  const untagged = droplets.filter(({ tagged }) => !tagged);
  for (const droplet of untagged)
    try {
      await account.tag(droplet.id);
    } catch (error) {
      throw new RolloutError(
        `${nodeNameOf(droplet)} has lost the cluster's tag, by which the firewall and the other nodes know it, and the tag ` +
          `cannot be put back: ${errorMessage(error)}. No droplet is touched. Put it back in the account ` +
          `(\`doctl compute droplet tag ${droplet.id} --tag-name TAG\`, with the tag that the cluster's other droplets ` +
          "have), then run `pulumi up` again",
        { cause: error },
      );
    }
  return untagged.map(nodeNameOf);
}
