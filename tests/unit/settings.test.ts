import { readFile } from "node:fs/promises";
import path from "node:path";
import { Ajv } from "ajv";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { settingsFiles } from "../../docs/write-settings.ts";
import { settings } from "../../settings.ts";

const root = path.resolve(import.meta.dirname, "../..");
const read = (file: string) => readFile(path.join(root, file), "utf8");

describe("the table of settings", async () => {
  test("has each setting and each argument once", () => {
    for (const column of ["key", "path"] as const) {
      const values = settings.map((setting) => setting[column]);
      expect(new Set(values).size).toBe(values.length);
    }
  });

  test.each((await settingsFiles()).map(([file, text]) => [path.relative(root, file), text]))(
    "is what %s says (written by `node docs/write-settings.ts`)",
    async (file, text) => {
      expect(await read(file)).toBe(text);
    },
  );
});

describe("the schema of a stack's file", async () => {
  const schema = JSON.parse(await read("docs/settings.schema.json")) as object;
  const validate = new Ajv({ allowUnionTypes: true }).compile(schema);
  const isValid = (config: object) => validate({ config, encryptionsalt: "v1:..." });

  test.each(["Pulumi.sgp1.yaml", "Pulumi.sandbox.yaml"])("takes %s, which names it", async (file) => {
    const text = await read(file);
    expect(text).toMatch(/^# yaml-language-server: \$schema=docs\/settings\.schema\.json$/m);
    expect(validate(parse(text)), JSON.stringify(validate.errors)).toBe(true);
  });

  test.each(settings.map((setting) => [setting.key, setting] as const))(
    "takes %s right only",
    (key, setting) => {
      const name = `nomad-digitalocean:${key}`;
      expect(isValid({ [name]: { secure: "v1:..." } })).toBe(true);
      expect(isValid({ [name]: setting.example ?? true })).toBe(setting.secret === undefined);
      expect(isValid({ [name]: null })).toBe(false);
    },
  );

  test.each<[string, object, boolean]>([
    ["a misspelt setting", { "nomad-digitalocean:ghostmemory": 640 }, false],
    ["a setting of a provider", { "digitalocean:token": { secure: "v1:..." } }, true],
    ["a number in words", { "nomad-digitalocean:serverCount": "three" }, false],
    ["a number that Pulumi wrote as a text", { "nomad-digitalocean:serverCount": "3" }, true],
    ["a text for a list", { "nomad-digitalocean:tags": "web" }, false],
  ])("knows %s", (_, config, valid) => {
    expect(isValid(config)).toBe(valid);
  });
});
