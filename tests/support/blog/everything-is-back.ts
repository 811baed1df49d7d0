import { expect } from "vitest";
import { eventually, status } from "../sandbox.ts";
import { nodeNames, runningNodes } from "../status.ts";
import { expectPost } from "./blog.ts";
import type { Post } from "./blog.ts";

/** Waits until every part runs where it should and every address gives the post. */
export async function everythingIsBack(
  addresses: readonly string[],
  post: Post,
  seconds: number,
): Promise<void> {
  await eventually(seconds, async () => {
    const current = await status();
    expect(current.nodes.map(({ nomadStatus }) => nomadStatus)).toEqual(current.nodes.map(() => "ready"));
    for (const job of ["mackerel", "nginx"]) expect(runningNodes(current, job)).toEqual(nodeNames(current));
    expect(runningNodes(current, "ghost")).toHaveLength(1);
    await expectPost(addresses, post);
  });
}
