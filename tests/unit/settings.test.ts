import { readFile } from "node:fs/promises";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { settingsPage } from "../../docs/write-settings.ts";
import { settings } from "../../settings.ts";

const read = (file: string) => readFile(path.resolve(import.meta.dirname, "../..", file), "utf8");

describe("the table of settings", () => {
  test("has each setting and each argument once", () => {
    for (const column of ["key", "path"] as const) {
      const values = settings.map((setting) => setting[column]);
      expect(new Set(values).size).toBe(values.length);
    }
  });

  test("is what docs/settings.md says (written by docs/write-settings.ts)", async () => {
    expect(await read("docs/settings.md")).toBe(await settingsPage());
  });

  test("is what Pulumi.yaml says of those that it checks for the CLI", async () => {
    const { config } = parse(await read("Pulumi.yaml")) as {
      config: Record<
        string,
        { type: string; items?: { type: string }; description: string; default: unknown }
      >;
    };
    expect(Object.keys(config).length).toBeGreaterThan(0);
    for (const [key, { type, items, description, default: value }] of Object.entries(config)) {
      const setting = settings.find((one) => one.key === key);
      expect(setting, key).toMatchObject({
        type: type === "array" ? `${items?.type}[]` : type,
        description,
        default: { value },
      });
    }
  });
});
