import type { WithFailover } from "../failover.ts";
import { poll, NotYet } from "../poll.ts";
import type { PollOptions } from "../poll.ts";

/**
 * Makes `key` the one that the running servers encrypt gossip with; they still accept the old keys. A new droplet knows
 * only `key`, and could not join otherwise. True if it was already the only key of every server. Fails while gossip
 * considers a dead server alive.
 */
export async function shareGossipKey(withFailover: WithFailover, key: string): Promise<boolean> {
  const { Keys, NumNodes } = await withFailover((server) => server.gossipKeys());
  if (Object.keys(Keys).length === 1 && Keys[key] === NumNodes) return true;
  await withFailover((server) => server.installGossipKey(key));
  await withFailover((server) => server.useGossipKey(key));
  return false;
}

/** Removes every gossip key but `key` from the servers' keyrings, once all of them have `key`. */
export async function removeOtherGossipKeys(
  withFailover: WithFailover,
  key: string,
  options: PollOptions,
): Promise<void> {
  await poll(
    "removing old gossip keys",
    async () => {
      const { Keys, NumNodes } = await withFailover((server) => server.gossipKeys());
      const others = Object.keys(Keys).filter((other) => other !== key);
      if (others.length === 0) return true;
      const having = Keys[key] ?? 0;
      if (having < NumNodes) return new NotYet(`${having} of ${NumNodes} servers have the new one`);
      // A key that encrypts cannot be removed.
      await withFailover((server) => server.useGossipKey(key));
      for (const other of others) await withFailover((server) => server.removeGossipKey(other));
      return new NotYet(`${others.length} removed`);
    },
    options,
  );
}
