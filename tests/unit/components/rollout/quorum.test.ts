import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { AgentProbe } from "../../../../components/rollout/observe/detect-cluster.ts";
import { quorumViolation } from "../../../../components/rollout/plan/quorum.ts";
import { clusters, clusterState } from "../../../support/nomad/cluster-state.ts";

describe("the quorum without a server", () => {
  const observed = clusterState([
    { slot: "server-1" },
    { slot: "server-2", healthy: false, alive: false },
    { slot: "server-3" },
  ]).servers;
  test("is violated while another one is not healthy, which is named with what to do", () => {
    expect(quorumViolation("blog-server-1-100", observed)).toMatch(
      /^blog-server-2-101 is not healthy.*systemctl status nomad.*pulumi refresh/,
    );
  });
  test("is kept without the one that is not healthy itself", () => {
    expect(quorumViolation("blog-server-2-101", observed)).toBeUndefined();
  });
  test("is violated while the agent of another one does not answer, though gossip has not noticed yet", () => {
    const all = clusterState(
      (["server-1", "server-2", "server-3"] as const).map((slot) => ({ slot })),
    ).servers;
    const probes: AgentProbe[] = [
      {
        slot: "server-2",
        hasDroplet: true,
        answer: { leader: "10.104.0.2:4647", peers: ["10.104.0.2:4647"] },
      },
      { slot: "server-3", hasDroplet: true, answer: { failure: "connect ECONNREFUSED" } },
    ];
    expect(quorumViolation("blog-server-1-100", all, probes)).toMatch(
      /^server-3 does not answer \(connect ECONNREFUSED\), and the cluster cannot spare another server/,
    );
    expect(quorumViolation("blog-server-1-100", all, probes.slice(0, 1))).toBeUndefined();
  });
  test("is violated by one of two, which is no majority", () => {
    const two = clusterState([{ slot: "server-1" }, { slot: "server-2" }]).servers;
    expect(quorumViolation("blog-server-1-100", two)).toContain("no majority");
  });

  test("is never kept while another server is unhealthy, nor without a majority that stays", () => {
    fc.assert(
      fc.property(clusters, ({ states }) => {
        const { servers: observed } = clusterState(states);
        for (const { name } of observed)
          if (quorumViolation(name, observed) === undefined) {
            const others = observed.filter((server) => server.name !== name);
            expect(others.every((server) => server.healthy)).toBe(true);
            expect(others.length * 2).toBeGreaterThan(observed.length);
          }
      }),
    );
  });
});
