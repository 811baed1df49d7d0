import { writeFile } from "node:fs/promises";
import path from "node:path";
import * as prettier from "prettier";
import { settings } from "../settings.ts";
import type { Setting, SettingType } from "../settings.ts";
import { projectFile, projectText } from "./project-settings.ts";
import { schemaFile, schemaText } from "./settings-schema.ts";

// Writes settings.md, settings.schema.json and the settings in Pulumi.yaml from the table of settings:
// `node docs/write-settings.ts`.

const pageFile = path.join(import.meta.dirname, "settings.md");

const typeNames: Record<SettingType, string> = {
  string: "text",
  integer: "whole number",
  boolean: "true or false",
  "string[]": "list of texts",
  "object[]": "list of objects",
  texts: "texts by name",
};

const chapters: readonly (readonly [heading: string, path: RegExp])[] = [
  ["The cluster", /^cluster\./],
  ["The blog", /^(?!(?:cluster|ghost|nginx|monitoring)\.)/],
  ["Ghost", /^ghost\./],
  ["Backups", /^backups\./],
  ["nginx", /^nginx\./],
  ["Mackerel", /^monitoring\./],
];

async function settingsPage(): Promise<string> {
  const text = [
    "# Settings of a stack",
    "`pulumi config set KEY VALUE` sets one, `pulumi config set --path 'KEY[0]' VALUE` an item of a list, and " +
      "`pulumi config set --secret KEY VALUE` a secret. All wrong settings are reported at once, before anything is created. " +
      "A setting without a default is required, or required as soon as another one of its group is set.",
    ...chapters.flatMap(([heading, place]) => [
      `## ${heading}`,
      table(settings.filter((setting) => place.test(setting.path))),
    ]),
    "An editor with a YAML language server checks and completes a `Pulumi.STACK.yaml` that has the line " +
      "`# yaml-language-server: $schema=docs/settings.schema.json`, as the tracked ones have.",
    "Those of the provider, such as `digitalocean:token`, are described by " +
      "[Pulumi](https://www.pulumi.com/registry/packages/digitalocean/installation-configuration/).",
  ].join("\n\n");
  return prettier.format(text, { ...(await prettier.resolveConfig(pageFile)), parser: "markdown" });
}

function table(rows: readonly Setting[]): string {
  const lines = rows.map((setting) => [
    `\`${setting.key}\``,
    setting.secret ? "secret" : typeNames[setting.type],
    defaultText(setting.default),
    exampleText(setting),
    setting.description,
  ]);
  return [["setting", "type", "default", "for example", "what it is"], ["-", "-", "-", "-", "-"], ...lines]
    .map((cells) => `| ${cells.join(" | ")} |`)
    .join("\n");
}

function defaultText(of: Setting["default"]): string {
  if (of === undefined) return "";
  return "text" in of ? of.text : code(of.value);
}

function exampleText({ type, secret, example, ...setting }: Setting): string {
  if (secret) return "";
  if (type !== "boolean") return code(example);
  return setting.default && "value" in setting.default ? code(!setting.default.value) : "`true`";
}

function code(value: unknown): string {
  return `\`${typeof value === "string" ? value : JSON.stringify(value)}\``;
}

/** Each file that comes from the table, with its text. */
export async function settingsFiles(): Promise<[file: string, text: string][]> {
  return [
    [pageFile, await settingsPage()],
    [schemaFile, await schemaText()],
    [projectFile, await projectText()],
  ];
}

if (import.meta.main) {
  for (const [file, text] of await settingsFiles()) await writeFile(file, text);
}
