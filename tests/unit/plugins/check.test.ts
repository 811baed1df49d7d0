import { describe, expect, test } from "vitest";
import { checkInputs } from "../../../sandbox/plugins/engine/check.ts";
import { checkConfiguration, configurationValues } from "../../../sandbox/plugins/engine/configuration.ts";
import type { InputProperty } from "../../../sandbox/plugins/engine/resource-type.ts";
import { unknown } from "../../../sandbox/plugins/engine/values.ts";

const table: Record<string, InputProperty> = {
  size: {
    type: "number",
    required: true,
    problem: (value) => (Number(value) > 9 ? "is too large" : undefined),
  },
  name: { type: "string", default: "generated" },
  detach: { type: "boolean", default: true },
};

describe("checkInputs", () => {
  test.each([
    [{}, "size", 'missing required property "size"'],
    [{ size: "many" }, "size", "expected a number, got string"],
    [{ size: 10 }, "size", "is too large"],
    [{ size: 1, sise: 2 }, "sise", 'an unexpected argument "sise" was provided'],
    [{ size: 1, detach: [] }, "detach", "expected a boolean, got list"],
  ])("%j fails by %s", (given, property, reason) => {
    expect(checkInputs(table, given).failures).toEqual([{ property, reason }]);
  });

  test("converts as the official plugins do and fills in defaults", () => {
    const { inputs, failures } = checkInputs(table, { size: "3", detach: "false", name: 7 });
    expect(failures).toEqual([]);
    expect(inputs).toEqual({ size: 3, detach: false, name: "7" });
  });

  test("does not judge what is unknown", () => {
    expect(checkInputs(table, { size: unknown }).failures).toEqual([]);
  });

  test("keeps a generated name and makes a new one for a replacement", () => {
    const first = checkInputs(table, { size: 1 }, {}, "node").inputs["name"];
    expect(first).toMatch(/^node-[0-9a-f]{7}$/);
    expect(checkInputs(table, { size: 1 }, { name: first }, "node").inputs["name"]).toBe(first);
    expect(checkInputs(table, { size: 1 }, {}, "node").inputs["name"]).not.toBe(first);
    expect(checkInputs(table, { size: 1 }, { name: "chosen" }, "node").inputs["name"]).not.toBe("chosen");
  });
});

describe("configuration", () => {
  const definition = {
    configuration: {
      address: { type: "string" },
      skipVerify: { type: "boolean" },
      headers: { type: "list" },
    } satisfies Record<string, InputProperty>,
  };

  test("reads what is not a string from JSON", () => {
    const given = { address: "1", skipVerify: "true", headers: '[{"name":"a"}]', version: "2.6.1" };
    expect(checkConfiguration(definition, given)).toEqual([]);
    expect(configurationValues(definition, given)).toEqual({
      address: "1",
      skipVerify: true,
      headers: [{ name: "a" }],
    });
  });

  test.each([
    [{ skipVerify: "maybe" }, "skipVerify"],
    [{ adress: "x" }, "adress"],
  ])("%j names %s", (given, property) => {
    expect(checkConfiguration(definition, given).map((failure) => failure.property)).toEqual([property]);
  });
});
