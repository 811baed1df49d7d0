import { execa } from "execa";
import type { TestProject } from "./test-plan.ts";

/** What of each project of vitest runs programs that a change can break. Its tests start them, so no import says so. */
const startedBy: Record<Exclude<TestProject, "unit">, readonly (readonly [RegExp, readonly string[]])[]> = {
  contract: [
    [
      /^(tests\/support\/|package(-lock)?\.json$|vitest\.config\.ts$|sandbox\/(offline|tools)\/|providers\/)/,
      ["tests/"],
    ],
    [
      /^(components|sdks)\//,
      ["contract/components", "contract/package", "contract/policies", "contract/cli"],
    ],
    [/^emulators\//, ["emulators", "contract/sandbox"]],
    [/^sandbox\//, ["contract/sandbox"]],
    [/^policies\//, ["contract/policies"]],
    [/^cli\//, ["contract/cli"]],
  ],
  cluster: [
    [
      /^(components|providers|emulators\/digitalocean|sandbox\/(offline|tools)|tests\/(support|drills))\//,
      ["tests/"],
    ],
    [/^(package(-lock)?\.json|vitest\.config\.ts)$/, ["tests/"]],
  ],
  e2e: [
    [/^(components|providers|emulators|sandbox|cli|sdks|examples|tests\/(support|drills))\//, ["tests/"]],
    [
      /^(index\.ts|config\.ts|settings\.ts|Pulumi.*\.yaml|package(-lock)?\.json|vitest\.config\.ts)$/,
      ["tests/"],
    ],
  ],
};

/**
 * Filters of the files of a project that the changed files can break, undefined if they can break none. Documentation and
 * the tests of other projects break nothing.
 */
export function testsOf(
  project: Exclude<TestProject, "unit">,
  changed: readonly string[],
): readonly string[] | undefined {
  const isTestOf = new RegExp(`(^tests|/tests)/${project}/.*\\.test\\.ts$`);
  const filters = changed.flatMap((file) => {
    if (isTestOf.test(file)) return [file];
    if (file.endsWith(".md") || /\/tests\/|^tests\/(?!support|drills)/.test(file)) return [];
    return startedBy[project].find(([pattern]) => pattern.test(file))?.[1] ?? [];
  });
  return filters.length === 0 ? undefined : [...new Set(filters)];
}

/** Files that differ from a commit, with those that git does not know yet. */
export async function changedFiles(root: string, since: string): Promise<string[]> {
  const git = async (...args: string[]) => (await execa("git", args, { cwd: root })).stdout.split("\n");
  const lists = await Promise.all([
    git("diff", "--name-only", "--no-renames", since),
    git("ls-files", "--others", "--exclude-standard"),
  ]);
  return lists.flat().filter((file) => file !== "");
}
