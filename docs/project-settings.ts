import { readFile } from "node:fs/promises";
import path from "node:path";
import * as prettier from "prettier";
import { parseDocument } from "yaml";
import { settingGroups, settings } from "../settings.ts";
import type { Setting } from "../settings.ts";

export const projectFile = path.resolve(import.meta.dirname, "../Pulumi.yaml");

/** Types that Pulumi checks by itself, and their names there. */
const types = {
  string: { type: "string" },
  integer: { type: "integer" },
  boolean: { type: "boolean" },
  "string[]": { type: "array", items: { type: "string" } },
};

/**
 * The text of Pulumi.yaml, whose `config` is made from the table of settings. Pulumi asks for a value of each setting
 * there, so it has those with a default that holds whatever else is set.
 */
export async function projectText(): Promise<string> {
  const project = parseDocument(await readFile(projectFile, "utf8"));
  project.set(
    "config",
    project.createNode(Object.fromEntries(settings.flatMap(projectSetting)), {
      aliasDuplicateObjects: false,
    }),
  );
  return prettier.format(project.toString({ lineWidth: 110 }), {
    ...(await prettier.resolveConfig(projectFile)),
    parser: "yaml",
  });
}

function projectSetting({ key, type, path: place, description, ...setting }: Setting): [string, object][] {
  const isOfGroup = settingGroups.some((group) => place.startsWith(`${group}.`));
  if (isOfGroup || type === "object[]" || type === "texts") return [];
  if (setting.default === undefined || !("value" in setting.default)) return [];
  return [[key, { ...types[type], description, default: setting.default.value }]];
}
