import { describe, expect, test } from "vitest";
import { summarizeServers } from "../../drills/measures/server-health.ts";
import type { AgentView, ServersSample } from "../../drills/measures/server-health.ts";

const agent = (node: string, more: Partial<AgentView> = {}): AgentView => ({
  node,
  leader: "10.0.0.1:4647",
  term: "2",
  leads: false,
  ...more,
});
const sample = (at: number, agents: AgentView[], voters?: string[]): ServersSample => ({
  at,
  agents,
  ...(voters && { voters }),
});

describe("healthy voters", () => {
  test("are the voters that answer by themselves", () => {
    const all = ["a", "b", "c"];
    const summary = summarizeServers([
      sample(0, [agent("a"), agent("b"), agent("c")], all),
      sample(1, [agent("a", { leader: "" }), agent("d")], all),
    ]);
    expect(summary.minHealthyVoters).toBe(1);
  });

  test("are not counted while nobody says who votes", () => {
    const summary = summarizeServers([
      sample(0, [agent("a"), agent("b")], ["a", "b"]),
      sample(1, [agent("a")]),
    ]);
    expect(summary.minHealthyVoters).toBe(2);
  });

  test("are none if nobody ever said who votes", () => {
    expect(summarizeServers([sample(0, [agent("a")])]).minHealthyVoters).toBe(0);
  });
});

describe("the time without a leader", () => {
  const led = (at: number) => sample(at, [agent("a", { leader: "" }), agent("b")]);
  const leaderless = (at: number) => sample(at, [agent("a", { leader: "" })]);
  test.each([
    { name: "is none while one server knows a leader", samples: [led(0), led(250)], longest: 0 },
    { name: "lasts from one leader to the next", samples: [led(0), leaderless(250), led(500)], longest: 500 },
    { name: "counts if no server answers", samples: [led(0), sample(250, []), led(500)], longest: 500 },
    { name: "counts at the start", samples: [leaderless(0), led(500)], longest: 500 },
    { name: "counts at the end", samples: [led(0), leaderless(250), leaderless(500)], longest: 500 },
    {
      name: "is the longest of several",
      samples: [led(0), leaderless(250), led(500), leaderless(600), leaderless(900), led(1_200)],
      longest: 700,
    },
  ])("$name", ({ samples, longest }) => {
    expect(summarizeServers(samples).leaderlessMs).toBe(longest);
  });
});

test("two leaders of one term are seen, and two of two terms are an election", () => {
  const leads = (node: string, term: string) => sample(0, [agent(node, { leads: true, term })]);
  expect(summarizeServers([leads("a", "2"), leads("b", "3")])).toMatchObject({
    leadersOfOneTerm: 1,
    elections: 1,
  });
  expect(summarizeServers([leads("a", "2"), leads("b", "2")])).toMatchObject({ leadersOfOneTerm: 2 });
});
