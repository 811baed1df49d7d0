import path from "node:path";
import * as prettier from "prettier";
import { settings } from "../settings.ts";
import type { Setting, SettingType } from "../settings.ts";

export const schemaFile = path.join(import.meta.dirname, "settings.schema.json");

const project = "nomad-digitalocean";

const plain = { type: ["string", "number", "boolean"] };
const types: Record<SettingType, object> = {
  string: { type: ["string", "number"] },
  integer: { type: ["integer", "string"], pattern: "^-?\\d+$" },
  boolean: { enum: [true, false, "true", "false"] },
  "string[]": { type: "array", items: plain },
  "object[]": { type: "array", items: { type: "object" } },
  texts: { type: "object", additionalProperties: plain },
};

/** As `pulumi config set --secret` writes a value. */
const secure = {
  type: "object",
  properties: { secure: { type: "string" } },
  required: ["secure"],
  additionalProperties: false,
};

/** The text of settings.schema.json, by which editors check and complete a `Pulumi.STACK.yaml`. */
export async function schemaText(): Promise<string> {
  const schema = {
    $schema: "http://json-schema.org/draft-07/schema#",
    title: "Settings of a stack of nomad-digitalocean",
    type: "object",
    properties: {
      config: {
        type: "object",
        properties: Object.fromEntries(
          settings.map((setting) => [`${project}:${setting.key}`, settingSchema(setting)]),
        ),
        // A misspelt setting is an error; those of providers are described by Pulumi.
        patternProperties: { [`^(?!${project}:)`]: true },
        additionalProperties: false,
      },
    },
  };
  return prettier.format(JSON.stringify(schema), {
    ...(await prettier.resolveConfig(schemaFile)),
    parser: "json",
  });
}

function settingSchema({ type, secret, description, example, ...setting }: Setting): object {
  return {
    description,
    ...(setting.default !== undefined && "value" in setting.default && { default: setting.default.value }),
    ...(example !== undefined && !secret && { examples: [example] }),
    ...(secret ? secure : { anyOf: [types[type], secure] }),
  };
}
