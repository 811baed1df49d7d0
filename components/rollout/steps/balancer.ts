import { milliseconds } from "../../duration.ts";
import type { Duration } from "../../duration.ts";
import { NotYet, poll } from "../poll.ts";
import type { PollOptions } from "../poll.ts";

/**
 * Resolves when a load balancer before the nodes has noticed that the jobs of one serve again, so that the next node may leave
 * it. DigitalOcean's API does not say which targets are healthy, so it is given the time that its checks take.
 */
export async function waitForBalancer(
  notice: Duration,
  options: Pick<PollOptions, "onProgress">,
): Promise<void> {
  const wait = milliseconds(notice);
  if (wait === 0) return;
  const noticed = Date.now() + wait;
  await poll(
    "waiting for the load balancer",
    () => Promise.resolve(Date.now() < noticed ? new NotYet(`it checks nodes within ${notice}`) : true),
    { ...options, deadline: Infinity },
  );
}
