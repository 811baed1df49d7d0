import * as pulumi from "@pulumi/pulumi";
import type { ArgumentIssue } from "./components/validation.ts";
import { settingGroups, settings } from "./settings.ts";
import type { Setting, SettingType, SettingValues } from "./settings.ts";

/** The part of `pulumi.Config` that is read here. */
export type ConfigurationSource = Pick<pulumi.Config, "get" | "getSecret" | "name">;

/** The settings of a stack as the components take them, and each that is missing or not of its type. */
export function readSettings(
  config: ConfigurationSource,
  stack: string,
): { values: SettingValues; issues: ArgumentIssue[] } {
  const issues: ArgumentIssue[] = [];
  const complain = ({ key }: Setting, reason: string) =>
    issues.push({ propertyPath: `${config.name}:${key}`, reason });
  const given = new Map<Setting, unknown>();
  const unreadable = new Set<Setting>();
  for (const setting of settings) {
    const { value, problem } = readSetting(config, setting);
    if (problem !== undefined) {
      unreadable.add(setting);
      complain(setting, problem);
    } else if (value !== undefined) given.set(setting, value);
  }

  const values = {
    cluster: { clusterName: `nomad-${stack}` },
    ghost: {},
    nginx: {},
    monitoring: { agent: {} },
  };
  for (const setting of settings) {
    const needed = groupOf(setting)?.filter(({ required }) => required);
    if (needed !== undefined && !needed.some((other) => given.has(other) || unreadable.has(other))) {
      if (given.has(setting))
        complain(setting, `has no use without ${needed.map(({ key }) => key).join(", ")}; set them too`);
      continue;
    }
    if (given.has(setting)) setAt(values, setting.path, given.get(setting));
    else if (setting.required) {
      // Of a text that is not there validation says that it is empty.
      setAt(values, setting.path, setting.secret ? pulumi.secret("") : "");
      if (setting.secret && !unreadable.has(setting))
        complain(setting, `is missing; ${command(setting)} sets it (${setting.description})`);
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

const expectations: Record<SettingType, string> = {
  string: "a text",
  integer: "a whole number",
  boolean: "true or false",
  "string[]": "a list of texts",
  "object[]": "a list of objects",
  texts: "made of texts by name",
};

/** The value, undefined if there is none, or what is wrong with it and how to set a right one. */
function readSetting(
  config: ConfigurationSource,
  setting: Setting,
): { readonly value?: unknown; readonly problem?: string } {
  const { key, type, secret } = setting;
  const text = config.get(key);
  if (text === undefined) return {};
  if (text === "" && (secret || type === "string"))
    return { problem: `is empty; ${command(setting)} sets it, \`pulumi config rm ${key}\` removes it` };
  if (secret) return { value: config.getSecret(key) };
  const value = valueOf(text, type);
  if (value !== undefined) return { value };
  return { problem: `"${text}" is not ${expectations[type]}; ${command(setting)} sets one` };
}

/** The value that Pulumi keeps as a text; undefined if it is not of the type. */
function valueOf(text: string, type: SettingType): unknown {
  switch (type) {
    case "string":
      return text;
    case "integer":
      return /^-?\d+$/.test(text) ? Number(text) : undefined;
    case "boolean":
      return text === "true" ? true : text === "false" ? false : undefined;
    case "string[]": {
      const list = parsed(text);
      return Array.isArray(list) && list.every(isPlain) ? list.map(String) : undefined;
    }
    case "object[]": {
      const list = parsed(text);
      return Array.isArray(list) && list.every(isObject) ? list : undefined;
    }
    case "texts": {
      const texts = parsed(text);
      return isObject(texts) && Object.values(texts).every(isPlain)
        ? Object.fromEntries(Object.entries(texts).map(([name, each]) => [name, String(each)]))
        : undefined;
    }
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** `pulumi config set --path` makes numbers and truth values of some texts. */
function isPlain(value: unknown): value is string | number | boolean {
  return ["string", "number", "boolean"].includes(typeof value);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The command that sets a setting to a value that it takes. */
function command({ key, type, secret, example }: Setting): string {
  if (secret) return `\`pulumi config set --secret ${key}\``;
  const quoted = (value: unknown) => {
    const text = String(value);
    return /^[\w.:/-]+$/.test(text) ? text : `'${text}'`;
  };
  const first: unknown = Object.values(example ?? {})[0];
  const set = {
    string: () => `${key} ${quoted(example)}`,
    integer: () => `${key} ${quoted(example)}`,
    boolean: () => `${key} true`,
    "string[]": () => `--path '${key}[0]' ${quoted(first)}`,
    "object[]": () => {
      const [name, value] = Object.entries(first as object)[0] as [string, unknown];
      return `--path '${key}[0].${name}' ${quoted(value)}`;
    },
    texts: () => `--path ${key}.${Object.keys(example ?? {})[0]} ${quoted(first)}`,
  }[type];
  return `\`pulumi config set ${set()}\``;
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
