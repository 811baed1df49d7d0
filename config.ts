import * as pulumi from "@pulumi/pulumi";
import { distance } from "fastest-levenshtein";
import { validateBlog } from "./components/blog/validation.ts";
import type { BlogPlatformArgs } from "./components/index.ts";
import { validateMackerelAgent } from "./components/jobs/monitoring/presets/mackerel-agent.ts";
import { formatIssues, handDown, under } from "./components/validation.ts";
import type { ArgumentIssue } from "./components/validation.ts";
import { settingGroups, settings } from "./settings.ts";
import type { Setting, SettingValues } from "./settings.ts";

/** The part of `pulumi.Config` that is read here. */
export type ConfigurationSource = Pick<
  pulumi.Config,
  "get" | "getBoolean" | "getNumber" | "getObject" | "getSecret" | "name"
>;

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
  const issues = [
    ...unknownKeys(config.name, keys),
    ...unreadable,
    ...[...blog.issues, ...under("monitoring.agent", agent.issues)].map(({ propertyPath, reason }) => ({
      propertyPath: nameOf(propertyPath),
      reason,
    })),
  ];
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

function readSettings(
  config: ConfigurationSource,
  stack: string,
): { values: SettingValues; issues: ArgumentIssue[] } {
  const issues: ArgumentIssue[] = [];
  const complain = ({ key }: Setting, reason: string) =>
    issues.push({ propertyPath: `${config.name}:${key}`, reason });
  const given = new Map<Setting, unknown>();
  for (const setting of settings) {
    const value = readSetting(config, setting, (reason) => complain(setting, reason));
    if (value !== undefined) given.set(setting, value);
  }

  const values = {
    cluster: { clusterName: `nomad-${stack}` },
    ghost: {},
    nginx: {},
    monitoring: { agent: {} },
  };
  for (const setting of settings) {
    const group = groupOf(setting);
    if (group !== undefined && !group.some((other) => other.required && given.has(other))) continue;
    if (given.has(setting)) setAt(values, setting.path, given.get(setting));
    else if (setting.required) {
      // Of a text that is not there validation says that it is empty.
      setAt(values, setting.path, setting.secret ? pulumi.secret("") : "");
      if (setting.secret)
        complain(
          setting,
          `is missing; set it by \`pulumi config set --secret ${setting.key}\` (${setting.description})`,
        );
    } else if (setting.passesDefault && setting.default && "value" in setting.default)
      setAt(values, setting.path, setting.default.value);
  }
  // The paths of the settings are those of the type.
  return { values: values as unknown as SettingValues, issues };
}

/** The settings that are set together with this one. */
function groupOf({ path }: Setting): Setting[] | undefined {
  const group = settingGroups.find((prefix) => path.startsWith(`${prefix}.`));
  return group === undefined ? undefined : settings.filter((other) => other.path.startsWith(`${group}.`));
}

function readSetting(
  config: ConfigurationSource,
  { key, type, secret }: Setting,
  complain: (reason: string) => void,
): unknown {
  const read = {
    string: () => config.get(key),
    integer: () => config.getNumber(key),
    boolean: () => config.getBoolean(key),
    "string[]": () => config.getObject<unknown>(key),
    "object[]": () => config.getObject<unknown>(key),
    texts: () => config.getObject<unknown>(key),
  }[type];
  const isList = type.endsWith("[]");
  try {
    const value = secret ? config.getSecret(key) : read();
    if (value === undefined) return undefined;
    if (type === "texts") {
      const texts = textsOf(value);
      if (texts !== undefined) return texts;
    } else if (!isList || Array.isArray(value)) return value;
  } catch (error) {
    // Pulumi's own words would end the program at the first of them.
    if (!pulumi.RunError.isInstance(error)) throw error;
  }
  complain(
    type === "texts"
      ? `is not made of texts, as \`pulumi config set --path ${key}.NAME VALUE\` makes it`
      : isList
        ? "is not a list"
        : `is not of type ${type}`,
  );
  return undefined;
}

/** The object with its values as texts; undefined if it is none. `pulumi config set --path` makes numbers and truth values of some. */
function textsOf(value: unknown): Record<string, string> | undefined {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
  const entries: [string, unknown][] = Object.entries(value);
  return entries.every(([, text]) => ["string", "number", "boolean"].includes(typeof text))
    ? Object.fromEntries(entries.map(([name, text]) => [name, String(text)]))
    : undefined;
}

function setAt(values: object, path: string, value: unknown): void {
  const parts = path.split(".");
  const last = parts.pop()!;
  const parent = parts.reduce<Record<string, unknown>>(
    (inner, part) => (inner[part] ??= {}) as Record<string, unknown>,
    values as Record<string, unknown>,
  );
  parent[last] = value;
}

/** The agent's image, for example, is judged as the agent's and as the job's. */
function withoutRepeated(issues: readonly ArgumentIssue[]): ArgumentIssue[] {
  return [...new Map(issues.map((issue) => [formatIssues("", [issue]), issue])).values()];
}
