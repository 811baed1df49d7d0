import * as pulumi from "@pulumi/pulumi";
import { distance } from "fastest-levenshtein";
import { validateBlog } from "./components/blog/validation.ts";
import type { BlogPlatformArgs } from "./components/index.ts";
import { validateMackerelAgent } from "./components/jobs/monitoring/presets/mackerel-agent.ts";
import { formatIssues, handDown, under } from "./components/validation.ts";
import type { ArgumentIssue } from "./components/validation.ts";
import { readSettings } from "./read-settings.ts";
import type { ConfigurationSource } from "./read-settings.ts";
import { settings } from "./settings.ts";

/** Name of the program's one component. */
export const platformName = "blog";

/**
 * Reads and validates a stack's whole configuration. Throws one error that names every wrong or missing setting; what is
 * found wrong later, when values or the account are known, is named by its setting too. `keys` are those of the whole
 * configuration, `PROJECT:KEY` each.
 */
export function loadSettings(
  config: ConfigurationSource,
  stack: string,
  keys: readonly string[] = [],
): BlogPlatformArgs {
  const { values, issues: unreadable } = readSettings(config, stack);
  const { monitoring, ...others } = values;
  const agent = validateMackerelAgent(monitoring.agent);
  const args: BlogPlatformArgs = { ...others, monitoring: { ...monitoring, agent: agent.resolved } };
  const blog = validateBlog(platformName, args);
  const nameOf = (propertyPath: string) => settingName(config.name, propertyPath);
  const named = [...blog.issues, ...under("monitoring.agent", agent.issues)].map(
    ({ propertyPath, reason }) => ({ propertyPath: nameOf(propertyPath), reason }),
  );
  const isRead = ({ propertyPath }: ArgumentIssue) =>
    unreadable.every((other) => other.propertyPath !== propertyPath);
  // What was put in the place of a value that cannot be read is nobody's mistake.
  const issues = [...unknownKeys(config.name, keys), ...unreadable, ...named.filter(isRead)];
  if (issues.length > 0)
    throw new pulumi.RunError(
      formatIssues(`invalid configuration of stack ${stack}`, withoutRepeated(issues)),
    );
  return handDown(args, blog.resolved, nameOf);
}

/** Keys of this project that nobody reads, which were most likely misspelt. */
function unknownKeys(project: string, keys: readonly string[]): ArgumentIssue[] {
  const known = settings.map(({ key }) => key);
  return keys
    .filter((key) => key.startsWith(`${project}:`) && !known.includes(key.slice(project.length + 1)))
    .map((key) => {
      const name = key.slice(project.length + 1).toLowerCase();
      const nearest = known.toSorted(
        (one, other) => distance(name, one.toLowerCase()) - distance(name, other.toLowerCase()),
      )[0]!;
      const isNear = distance(name, nearest.toLowerCase()) <= Math.max(2, nearest.length / 4);
      // An argument's own name, without the component's that a setting puts before it.
      const longer = known.filter((one) => one.toLowerCase().endsWith(name));
      const meant = isNear ? [nearest] : longer;
      const advice = meant.length > 0 ? `did you mean ${meant.join(" or ")}?` : "docs/settings.md lists all.";
      return {
        propertyPath: key,
        reason: `is not a setting; ${advice} \`pulumi config rm ${key.slice(project.length + 1)}\` removes it`,
      };
    });
}

/** The setting that an argument comes from; an argument that no setting reaches goes by its own name. */
export function settingName(project: string, propertyPath: string): string {
  const setting = settings.find(
    ({ path }) => propertyPath.startsWith(path) && !/^\w/.test(propertyPath.slice(path.length)),
  );
  return setting === undefined
    ? propertyPath
    : `${project}:${setting.key}${propertyPath.slice(setting.path.length)}`;
}

/** The agent's image, for example, is judged as the agent's and as the job's. */
function withoutRepeated(issues: readonly ArgumentIssue[]): ArgumentIssue[] {
  return [...new Map(issues.map((issue) => [formatIssues("", [issue]), issue])).values()];
}
