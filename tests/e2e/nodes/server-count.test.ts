import { beforeAll, describe, expect, test } from "vitest";
import { runningSandbox } from "../../drills/running-sandbox.ts";
import { changeServerCount } from "../../drills/servers.ts";
import type { ServerCountChange } from "../../drills/servers.ts";
import { expectFrontPage, expectPost, publishPost } from "../../support/blog/blog.ts";
import type { Post } from "../../support/blog/blog.ts";
import { expectHostsMarked } from "../../support/mackerel-hosts.ts";
import {
  blogOwner,
  blogUrl,
  eventually,
  nomad,
  pulumi,
  settings,
  status,
  up,
} from "../../support/sandbox.ts";

interface Peer {
  readonly Node: string;
  readonly Voter: boolean;
}

let changes: ServerCountChange[];
let post: Post;

beforeAll(async () => {
  const { addresses } = await status();
  post = await publishPost(
    addresses.blog[0]!,
    "A post that outlives two counts of servers",
    await blogOwner(),
  );
  const report = (text: string) => console.error(text);
  const running = await runningSandbox(settings, report);
  const apiKey = (await running.config("mackerelApiKey"))!;
  changes = await changeServerCount(running, report, () => eventually(240, () => expectHostsMarked(apiKey)));
});

describe("three servers become five, and three again, under load", () => {
  test("which the stack says after each update", () => {
    expect(changes.map(({ after }) => after.nodes.map(({ slot }) => slot))).toEqual([
      ["server-1", "server-2", "server-3", "server-4", "server-5"],
      ["server-1", "server-2", "server-3"],
    ]);
  });

  test("no reader at the load balancer misses the blog", () => {
    expect(changes.map(({ measures }) => measures.addresses)).toEqual([[blogUrl], [blogUrl]]);
    // The drill's report names them.
    expect(changes.map(({ measures }) => measures.failedRequests)).toEqual([0, 0]);
    for (const { measures } of changes) expect(measures.requests).toBeGreaterThan(measures.seconds * 4);
  });

  test("with at most one server away at a time, and one leader a term", () => {
    // Of those that there were before the update: the three that become five, and the five that become three.
    const fewest = changes.map(({ measures }) => measures.minHealthyVoters);
    expect(fewest[0]).toBeGreaterThanOrEqual(2);
    expect(fewest[1]).toBeGreaterThanOrEqual(3);
    for (const { servers } of changes) expect(servers.leadersOfOneTerm).toBe(1);
  });

  test("three voters are left, each on a node of the stack", async () => {
    const { nodes } = await status();
    await eventually(120, async () => {
      const text = await nomad("operator", "api", "/v1/operator/raft/configuration");
      const { Servers } = JSON.parse(text) as { Servers: Peer[] };
      expect(Servers.map(({ Node }) => Node.replace(/\.global$/, "")).sort()).toEqual(
        nodes.map(({ name }) => name).sort(),
      );
      expect(Servers.every(({ Voter }) => Voter)).toBe(true);
    });
  });

  test("the next update retires the Mackerel hosts of the two that left at the end of this one", async () => {
    await up();
    await eventually(240, async () => {
      const { mackerel, nodes } = await status();
      expect(mackerel.hosts.map(({ name }) => name).sort()).toEqual(nodes.map(({ name }) => name).sort());
    });
  });

  test("the post is there, and nothing is left to change", async () => {
    const { blog } = (await status()).addresses;
    expect(blog).toEqual([blogUrl]);
    await eventually(60, () => expectFrontPage(blog));
    await expectPost(blog, post);
    await pulumi("preview", "--expect-no-changes", "--non-interactive");
  });
});
