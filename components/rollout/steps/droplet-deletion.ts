import { errorMessage } from "../../error-message.ts";
import { poll, NotYet } from "../poll.ts";
import type { PollOptions } from "../poll.ts";
import { RolloutError } from "../context.ts";
import { nodeNameOf } from "../../nodes/names.ts";
import type { AccountDroplets, ClusterDroplet } from "../observe/account-droplets.ts";

/**
 * Deletes a droplet outside Pulumi and waits until it is gone. The cluster must not need it any more. `what` says why, in
 * the error after its name.
 */
export async function deleteAndWait(
  account: AccountDroplets,
  droplet: ClusterDroplet,
  what: string,
  options: PollOptions,
): Promise<void> {
  const name = nodeNameOf(droplet);
  const gone = async () => {
    if ((await account.list()).every(({ id }) => id !== droplet.id)) return true;
    await account.delete(droplet.id);
    return new NotYet("it is being deleted");
  };
  try {
    await poll(`deleting ${name}`, gone, options);
  } catch (error) {
    throw new RolloutError(
      `${name} ${what}, and it cannot be deleted: ${errorMessage(error)}. Delete it in the account (\`doctl compute ` +
        `droplet delete ${droplet.id}\`), then run \`pulumi up\` again`,
      { cause: error },
    );
  }
}
