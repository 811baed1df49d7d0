import { checkPattern } from "../../checks.ts";
import { each } from "../../validation.ts";
import type { Check } from "../../validation.ts";
import type { ResolvedClusterArgs } from "../defaults.ts";
import type { ClusterTeam } from "./team-policy.ts";

/** Whether each team has a name of its own, and namespaces and host volumes that the cluster has. */
export function teamChecks({ teams, namespaces, hostVolumes, volumes }: ResolvedClusterArgs): Check[] {
  const offered = [...hostVolumes, ...volumes].map(({ name }) => name);
  // What a stack's configuration says of them has any shape.
  const given: readonly Partial<Record<keyof ClusterTeam, unknown>>[] = teams;
  return given.flatMap((team, index): Check[] => {
    const property = (field: string) => `teams[${index}].${field}`;
    const list = (field: "namespaces" | "hostVolumes", check: (name: string) => string | undefined) => {
      const names = team[field] ?? [];
      return Array.isArray(names) && names.every((name) => typeof name === "string")
        ? each(property(field), names, check)
        : [
            [
              property(field),
              `is ${JSON.stringify(names)} and not a list of names, such as ["shop"]`,
            ] as const,
          ];
    };
    const isFirst = given.findIndex(({ name }) => name === team.name) === index;
    return [
      [
        property("name"),
        typeof team.name === "string"
          ? checkPattern(
              team.name,
              /^[a-z]([a-z0-9-]{0,38}[a-z0-9])?$/,
              "a name of at most 40 lower-case letters, digits and hyphens",
            )
          : "is missing: the team's connection is found by it",
      ],
      [
        property("name"),
        isFirst || team.name === undefined
          ? undefined
          : `${JSON.stringify(team.name)} is the name of another team`,
      ],
      [
        property("namespaces"),
        team.namespaces === undefined || (Array.isArray(team.namespaces) && team.namespaces.length === 0)
          ? "is empty, and the team could deploy nothing; name some of the cluster's namespaces"
          : undefined,
      ],
      ...list("namespaces", (namespace) => checkTeamNamespace(namespace, namespaces)),
      ...list("hostVolumes", (volume) =>
        offered.includes(volume)
          ? undefined
          : `"${volume}" is not a volume of this cluster; it offers ${offered.join(", ")}`,
      ),
    ];
  });
}

function checkTeamNamespace(namespace: string, namespaces: readonly string[]): string | undefined {
  if (namespaces.includes(namespace)) return undefined;
  if (namespace === "default")
    return '"default" has the cluster\'s own jobs with their secrets; give the team a namespace of its own';
  return `"${namespace}" is not a namespace of this cluster; add it to the cluster's namespaces`;
}
