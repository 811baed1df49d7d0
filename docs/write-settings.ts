import { writeFile } from "node:fs/promises";
import path from "node:path";
import * as prettier from "prettier";
import { settings } from "../settings.ts";
import type { Setting, SettingType } from "../settings.ts";

// Writes settings.md from the table of settings: `node docs/write-settings.ts`.

const file = path.join(import.meta.dirname, "settings.md");

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
  ["The blog", /^\w+$/],
  ["Ghost", /^ghost\./],
  ["nginx", /^nginx\./],
  ["Mackerel", /^monitoring\./],
];

/** The text of settings.md. */
export async function settingsPage(): Promise<string> {
  const text = [
    "# Settings of a stack",
    "`pulumi config set KEY VALUE` sets one, `pulumi config set --path 'KEY[0]' VALUE` an item of a list, and " +
      "`pulumi config set --secret KEY VALUE` a secret. All wrong settings are reported at once, before anything is created. " +
      "A setting without a default is required, or required as soon as another one of its group is set.",
    ...chapters.flatMap(([heading, place]) => [
      `## ${heading}`,
      table(settings.filter((setting) => place.test(setting.path))),
    ]),
    "Those of the provider, such as `digitalocean:token`, are described by " +
      "[Pulumi](https://www.pulumi.com/registry/packages/digitalocean/installation-configuration/).",
  ].join("\n\n");
  return prettier.format(text, { ...(await prettier.resolveConfig(file)), parser: "markdown" });
}

function table(rows: readonly Setting[]): string {
  const lines = rows.map(({ key, type, secret, description, ...setting }) => [
    `\`${key}\``,
    secret ? "secret" : typeNames[type],
    defaultText(setting.default),
    description,
  ]);
  return [["setting", "type", "default", "what it is"], ["-", "-", "-", "-"], ...lines]
    .map((cells) => `| ${cells.join(" | ")} |`)
    .join("\n");
}

function defaultText(of: Setting["default"]): string {
  if (of === undefined) return "";
  return "text" in of ? of.text : `\`${typeof of.value === "string" ? of.value : JSON.stringify(of.value)}\``;
}

if (import.meta.main) await writeFile(file, await settingsPage());
