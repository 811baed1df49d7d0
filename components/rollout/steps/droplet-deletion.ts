import { errorMessage, poll, Waiting } from "../poll.ts";
import type { PollOptions } from "../poll.ts";
import { RolloutError } from "../context.ts";
import type { RolloutAccount } from "../context.ts";
import { nodeNameOf } from "../../nodes/names.ts";
import type { ListedDroplet } from "../observe/state.ts";

/**
 * Deletes a droplet past Pulumi and waits until it is gone. Nothing of the cluster may need it any more. `what` it is
 * tells the error, after its name.
 */
export async function dropletDeleted(
  account: RolloutAccount,
  droplet: ListedDroplet,
  what: string,
  options: PollOptions,
): Promise<void> {
  const name = nodeNameOf(droplet);
  const gone = async () => {
    if ((await account.list()).every(({ id }) => id !== droplet.id)) return true;
    await account.delete(droplet.id);
    return new Waiting("it is being deleted");
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
