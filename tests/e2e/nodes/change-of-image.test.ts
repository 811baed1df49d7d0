import { beforeAll, describe, expect, test } from "vitest";
import { parseNodeName } from "../../../components/nodes/names.ts";
import { accountOf } from "../../drills/account.ts";
import { dropletIdOf } from "../../support/droplet-id.ts";
import type { LoggedRequest } from "../../drills/account.ts";
import { rollImage } from "../../drills/roll.ts";
import type { Roll } from "../../drills/roll.ts";
import { runningSandbox } from "../../drills/running-sandbox.ts";
import { expectFrontPage, expectPost, publishPost } from "../../support/blog/blog.ts";
import type { Post } from "../../support/blog/blog.ts";
import { retiredSince } from "../../support/mackerel-hosts.ts";
import {
  blogOwner,
  blogUrl,
  eventually,
  pulumi,
  settings,
  status,
  taskStarts,
} from "../../support/sandbox.ts";
import type { Status } from "../../support/status.ts";

// The image of every droplet is changed while the blog is read and the servers are watched. docs/operations.md defines
// what is measured.

/** Longest time without a leader: Raft's election timeout is at most 2 s, and the servers are looked at four times a second. */
const electionMs = 2_500;

const report = (text: string) => console.error(text);
const slotOf = (nodeName: string) => parseNodeName(nodeName)!.slot;

let before: Status;
let after: Status;
let post: Post;
let roll: Roll;
/** When the change began, milliseconds since 1970. */
let started: number;
/** What the update asked of the DigitalOcean API. */
let requests: LoggedRequest[];

/** When the droplet of a slot, the old one or the new one, was asked for or given up, in milliseconds since 1970. */
const timeOf = (method: string, matches: (request: LoggedRequest) => boolean) => {
  const request = requests.find((one) => one.method === method && matches(one));
  if (!request) throw new Error(`the update made no such ${method} request`);
  return Date.parse(request.at);
};

beforeAll(async () => {
  before = await status();
  post = await publishPost(
    before.addresses.blog[0]!,
    "A post that outlives every droplet",
    await blogOwner(),
  );
  const sandbox = await runningSandbox(settings, report);
  started = Date.now();
  roll = await rollImage(sandbox, report);
  requests = await (await accountOf(sandbox)).requestsSince(started);
  after = await status();
});

describe("the image of all three droplets is changed under load", () => {
  test("in the order that the preview has told: one after another, the leader last", () => {
    const order = roll.moves.map(({ slot }) => slot);
    expect([...order].sort()).toEqual(["server-1", "server-2", "server-3"]);
    expect(roll.announced).toContain(`rollout: replaced one after another: ${order.join(", ")} (leader)`);
  });

  test("no node stays what it was, and each is what its slot says", () => {
    const names = ({ nodes }: Status) => nodes.map(({ name }) => name);
    expect(names(after).filter((name) => names(before).includes(name))).toEqual([]);
    expect(names(after).map(slotOf).sort()).toEqual(names(before).map(slotOf).sort());
    expect(after.nodes.map(({ nomadStatus }) => nomadStatus)).toEqual(["ready", "ready", "ready"]);
    expect(after.nodes.map(({ reservedIp }) => reservedIp)).toEqual(
      before.nodes.map(({ reservedIp }) => reservedIp),
    );
  });

  test("no reader at the load balancer misses the blog, on new connections and on kept ones", () => {
    expect(roll.measures.addresses).toEqual([blogUrl]);
    expect(roll.failures).toEqual([]);
    expect(roll.measures.failedRequests).toBe(0);
    // The probe was at work. A busy machine lets it ask less than ten times a second (measured: six to eight).
    expect(roll.measures.requests).toBeGreaterThan(roll.measures.seconds * 4);
  });

  test("two of three servers are healthy voters all the while, with one leader a term and never long without", () => {
    expect(roll.servers.samples).toBeGreaterThan(roll.measures.seconds);
    expect(roll.measures.minHealthyVoters).toBeGreaterThanOrEqual(2);
    expect(roll.servers.leadersOfOneTerm).toBe(1);
    expect(roll.measures.leaderlessMs).toBeLessThanOrEqual(electionMs);
  });

  test("Ghost's volume is let go after the drain, and its new node has it before Ghost starts", async () => {
    const move = roll.moves.find(({ hadGhost }) => hadGhost)!;
    const nodeOf = ({ nodes }: Status) => nodes.find(({ name }) => slotOf(name) === move.slot)!.name;
    const detached = timeOf(
      "POST",
      ({ path, body }) => /^\/v2\/volumes\/.*\/actions$/.test(path) && body?.type === "detach",
    );
    const deleted = timeOf("DELETE", ({ path }) => path === `/v2/droplets/${dropletIdOf(nodeOf(before))}`);
    const attached = timeOf(
      "POST",
      ({ path, body }) => path === "/v2/droplets" && body?.volumes?.length === 1,
    );
    const [ghostStarted] = await taskStarts("ghost");
    const times = [move.from, detached, deleted, attached, move.succeededAt!, Date.parse(ghostStarted!)];
    expect(times).toEqual([...times].sort((one, other) => one - other));
    // Mounted, or Nomad would not offer it: nothing but that volume is called so on the new node.
    expect(after.jobs.find(({ id }) => id === "ghost")?.allocations).toMatchObject([
      { node: nodeOf(after), status: "running" },
    ]);
  });

  test("the post is there", async () => {
    await eventually(60, () => expectFrontPage(after.addresses.blog));
    await expectPost(after.addresses.blog, post);
  });

  test("Mackerel shows three working hosts, and the three of the old droplets were retired once each", async () => {
    await eventually(240, async () => {
      const { mackerel, nodes } = await status();
      expect(mackerel.hosts.map(({ name }) => name).sort()).toEqual(nodes.map(({ name }) => name).sort());
      expect(mackerel.hosts.map(({ status }) => status)).toEqual(["working", "working", "working"]);
    });
    const apiKey = (await pulumi("config", "get", "mackerelApiKey")).trim();
    const old = before.mackerel.hosts.map(({ id }) => id).sort();
    expect(old).toHaveLength(3);
    expect((await retiredSince(started, apiKey)).sort()).toEqual(old);
  });

  test("nothing is left to change", async () => {
    await pulumi("preview", "--expect-no-changes", "--non-interactive");
  });
});
