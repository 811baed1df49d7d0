import { describe, expect, test } from "vitest";
import { detectCluster } from "../../../../components/rollout/observe/detect-cluster.ts";
import type { AgentProbe } from "../../../../components/rollout/observe/detect-cluster.ts";

const leader = "10.104.0.2:4647";
const three = [leader, "10.104.0.3:4647", "10.104.0.4:4647"];
const silent = { failure: "connect ECONNREFUSED" };
const fresh = { leader: "", peers: [] };
const leaderless = { leader: "", peers: three };
const led = { leader, peers: three };

const answers = (...views: AgentProbe["answer"][]): AgentProbe[] =>
  views.map((answer, index) => ({ slot: `server-${index + 1}`, hasDroplet: true, answer }));
/** The agents of servers whose droplets the account does not list. */
const unlisted = (...views: AgentProbe["answer"][]): AgentProbe[] =>
  answers(...views).map((probe) => ({ ...probe, hasDroplet: false }));

describe("whether a cluster is there", () => {
  test.each<[string, AgentProbe["answer"][], string]>([
    ["without a server droplet", [], "new"],
    ["with agents that have no peers, from a creation that was cut off", [fresh, fresh], "new"],
    ["with a leader", [led, led, led], "running"],
    ["with a leader and a server that does not answer", [led, silent, led], "running"],
    ["with a leader and a server that has not joined", [fresh, led, led], "running"],
    ["with all agents stopped", [silent, silent, silent], "unknown"],
    ["with droplets whose agents have not started yet", [silent], "unknown"],
    ["with two of three gone", [leaderless, silent, silent], "unknown"],
    ["with no leader", [leaderless, leaderless, leaderless], "unknown"],
    ["with a fresh server beside silent ones", [silent, fresh, silent], "unknown"],
  ])("%s is decided from what the agents say", (_, views, state) => {
    expect(detectCluster(answers(...views)).state).toBe(state);
  });

  test.each<[string, AgentProbe[], string]>([
    ["nothing at its addresses", unlisted(silent, silent, silent), "new"],
    ["a cluster that answers at its addresses", unlisted(led, led, silent), "running"],
    ["a cluster without a leader at its addresses", unlisted(leaderless, silent, silent), "unknown"],
    ["a fresh agent at one address", unlisted(fresh, silent, silent), "new"],
    ["one droplet that is listed and silent", [...answers(silent), ...unlisted(silent)], "unknown"],
    ["a fresh droplet beside an unlisted cluster", [...answers(fresh), ...unlisted(led)], "running"],
    ["a fresh droplet beside missing ones", [...answers(fresh), ...unlisted(silent)], "new"],
  ])("without droplets, or with some missing, %s decides", (_, probes, state) => {
    expect(detectCluster(probes).state).toBe(state);
  });

  test("says of every server why nothing is known", () => {
    expect(detectCluster(answers(silent, fresh, leaderless))).toEqual({
      state: "unknown",
      reason:
        "server-1 does not answer (connect ECONNREFUSED); server-2 has not joined a cluster; " +
        "server-3 knows 3 servers, but no leader",
    });
  });
});
