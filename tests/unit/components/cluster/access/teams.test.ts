import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { ClusterTeam } from "../../../../../components/cluster/access/team-policy.ts";
import { teamPolicy } from "../../../../../components/cluster/access/team-policy.ts";
import type { NomadClusterArgs } from "../../../../../components/cluster/args.ts";
import { validateCluster } from "../../../../../components/cluster/validation.ts";

describe("teams of a cluster", () => {
  const args = (teams: NomadClusterArgs["teams"]): NomadClusterArgs => ({
    operatorCidrs: ["192.0.2.7/32"],
    namespaces: ["shop", "mail"],
    hostVolumes: [{ name: "uploads", path: "/srv/uploads" }],
    volumes: [{ name: "content", slot: "server-1", size: 10 }],
    ...(teams && { teams }),
  });
  const issues = (teams: NomadClusterArgs["teams"]) =>
    validateCluster("test", args(teams)).issues.map(
      ({ propertyPath, reason }) => `${propertyPath}: ${reason}`,
    );

  test("may use the cluster's namespaces and volumes", () => {
    expect(issues([{ name: "shop", namespaces: ["shop"], hostVolumes: ["uploads", "content"] }])).toEqual([]);
  });

  test("are told all that is wrong with them at once", () => {
    expect(
      issues([
        { name: "Shop", namespaces: [] },
        { name: "mail", namespaces: ["mail", "default"] },
        { name: "mail", namespaces: ["sales"], hostVolumes: ["disk"] },
      ]),
    ).toEqual([
      expect.stringMatching(/^teams\[0\]\.name: "Shop" is not a name of at most 40 lower-case letters/),
      "teams[0].namespaces: is empty, and the team could deploy nothing; name some of the cluster's namespaces",
      'teams[1].namespaces[1]: "default" has the cluster\'s own jobs with their secrets; give the team a namespace of its own',
      'teams[2].name: "mail" is the name of another team',
      'teams[2].namespaces[0]: "sales" is not a namespace of this cluster; add it to the cluster\'s namespaces',
      'teams[2].hostVolumes[0]: "disk" is not a volume of this cluster; it offers agent-state, uploads, content',
    ]);
  });

  test("may come from a configuration of another shape, which is told", () => {
    const teams = JSON.parse('[{}, { "name": "shop", "namespaces": "shop" }]') as ClusterTeam[];
    expect(issues(teams)).toEqual([
      "teams[0].name: is missing: the team's connection is found by it",
      "teams[0].namespaces: is empty, and the team could deploy nothing; name some of the cluster's namespaces",
      'teams[1].namespaces: is "shop" and not a list of names, such as ["shop"]',
    ]);
  });

  test("get rules that name their namespaces and volumes, and no pattern that another one fits", () => {
    const name = fc.stringMatching(/^[a-zA-Z0-9-]{1,20}$/);
    fc.assert(
      fc.property(fc.uniqueArray(name, { minLength: 1 }), fc.uniqueArray(name), (namespaces, hostVolumes) => {
        const rules = teamPolicy({ name: "team", namespaces, hostVolumes });
        const named = (kind: string) =>
          [...rules.matchAll(new RegExp(`^${kind} "(.*)" \\{$`, "gm"))].map(([, one]) => one);
        expect(named("namespace")).toEqual(namespaces);
        expect(named("host_volume")).toEqual(hostVolumes);
        expect(rules).not.toMatch(/namespace ".*\*/);
      }),
    );
  });
});
