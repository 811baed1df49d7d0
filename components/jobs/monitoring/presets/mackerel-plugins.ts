import { checkPattern, checkWholeNumber } from "../../../checks.ts";
import type { Check } from "../../../validation.ts";

/** A program that prints metrics: a line `NAME<TAB>VALUE<TAB>UNIX_SECONDS` each, which Mackerel has as `custom.NAME`. */
export interface MackerelMetricPlugin {
  /** Program of the agent's image and its arguments, without a shell. It runs once a minute in the agent's container. */
  command: string[];
  /**
   * Environment variables of the program; not for secrets.
   * @default - the agent's
   */
  environment?: Record<string, string>;
  /**
   * Seconds after which it is ended.
   * @default - the agent's own, 30
   */
  timeout?: number;
}

/** A program whose exit code says whether something is well: 0 if it is, 1 for a warning, 2 if it is critical. */
export interface MackerelCheckPlugin extends MackerelMetricPlugin {
  /**
   * Minutes from one run to the next, 1 to 60.
   * @default - the agent's own, 1
   */
  interval?: number;
  /**
   * How many runs in a row, 1 to 10, have to find it wrong.
   * @default - Mackerel's own, 1
   */
  maxCheckAttempts?: number;
  /**
   * Minutes, 10 or more, after which somebody is told again.
   * @default - told once
   */
  notificationInterval?: number;
}

interface PluginArgs {
  readonly plugins: Readonly<Record<string, MackerelMetricPlugin>>;
  readonly checks: Readonly<Record<string, MackerelCheckPlugin>>;
  readonly extraConfiguration: string;
}

/** What is wrong with plugins, checks and further text. */
export function pluginChecks({ plugins, checks, extraConfiguration }: PluginArgs): Check[] {
  return [
    ...Object.entries(plugins).flatMap(([name, one]) => commandChecks("plugins", name, one)),
    ...Object.entries(checks).flatMap(([name, one]): Check[] => [
      ...commandChecks("checks", name, one),
      [`checks.${name}.interval`, checkOptional(one.interval, { from: 1, to: 60, unit: "of minutes" })],
      [`checks.${name}.maxCheckAttempts`, checkOptional(one.maxCheckAttempts, { from: 1, to: 10 })],
      [
        `checks.${name}.notificationInterval`,
        checkOptional(one.notificationInterval, { from: 10, unit: "of minutes" }),
      ],
    ]),
    ["extraConfiguration", checkTables(extraConfiguration)],
  ];
}

function commandChecks(kind: string, name: string, { command, timeout }: MackerelMetricPlugin): Check[] {
  return [
    // A key of TOML without quotes, and what Mackerel takes for the name of a check.
    [`${kind}.${name}`, checkPattern(name, /^[\w-]+$/, "a name of letters, digits, hyphens and underscores")],
    [
      `${kind}.${name}.command`,
      command.length === 0 || command[0]!.trim() === ""
        ? "is empty; give a program of the agent's image and its arguments"
        : undefined,
    ],
    [`${kind}.${name}.timeout`, checkOptional(timeout, { from: 1, unit: "of seconds" })],
  ];
}

function checkOptional(
  value: number | undefined,
  range: { from: number; to?: number; unit?: string },
): string | undefined {
  return value === undefined ? undefined : checkWholeNumber(value, range);
}

/** A key before the first table would become one of the table that happens to be the last before it. */
function checkTables(text: string): string | undefined {
  const first = text.split("\n").find((line) => line.trim() !== "" && !line.trim().startsWith("#"));
  return first === undefined || first.trim().startsWith("[")
    ? undefined
    : `"${first.trim()}" is in no table; begin with one, such as [plugin.metrics.NAME]`;
}

/** Lines of the agent's configuration file (mackerel-agent 0.87, config package). */
export function pluginTables({ plugins, checks, extraConfiguration }: PluginArgs): string[] {
  return [
    ...Object.entries(plugins).flatMap(([name, one]) => table(`plugin.metrics.${name}`, keysOf(one))),
    ...Object.entries(checks).flatMap(([name, one]) =>
      table(`plugin.checks.${name}`, {
        ...keysOf(one),
        check_interval: one.interval,
        max_check_attempts: one.maxCheckAttempts,
        notification_interval: one.notificationInterval,
      }),
    ),
    ...(extraConfiguration.trim() === "" ? [] : [extraConfiguration.trimEnd(), ""]),
  ];
}

const keysOf = ({ command, timeout, environment }: MackerelMetricPlugin) => ({
  command,
  timeout_seconds: timeout,
  env: environment,
});

function table(name: string, keys: Readonly<Record<string, unknown>>): string[] {
  const lines = Object.entries(keys).flatMap(([key, value]) =>
    value === undefined ? [] : [`${key} = ${toml(value)}`],
  );
  return [`[${name}]`, ...lines, ""];
}

/** JSON's texts, numbers and lists are TOML's; its objects are not. */
function toml(value: unknown): string {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return JSON.stringify(value);
  const entries = Object.entries(value).map(([key, inner]) => `${JSON.stringify(key)} = ${toml(inner)}`);
  return `{ ${entries.join(", ")} }`;
}
