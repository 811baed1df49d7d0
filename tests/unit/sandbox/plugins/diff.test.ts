import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compareProperties } from "../../../../providers/engine/diff.ts";
import { diffResponse } from "../../../../providers/engine/diff-response.ts";
import type { InputProperty } from "../../../../providers/engine/resource-type.ts";
import { canonicalText, sameValue, unknown } from "../../../../providers/engine/values.ts";
import type { Value } from "../../../../providers/engine/values.ts";

const table: Record<string, InputProperty> = {
  image: { type: "string", required: true, replaces: "a test" },
  region: { type: "string", computed: true, replaces: "a test" },
  rules: { type: "list", unordered: true },
  steps: { type: "list" },
  meta: { type: "map" },
};

const paths = (old: Record<string, Value>, next: Record<string, Value>) =>
  compareProperties(table, old, next).map(
    ({ path, kind, replaces }) => `${kind}${replaces ? "!" : ""} ${path}`,
  );

describe("compareProperties", () => {
  test.each<[string, Record<string, Value>, Record<string, Value>, string[]]>([
    ["equal", { image: "a" }, { image: "a" }, []],
    ["a replacing change", { image: "a" }, { image: "b" }, ["update! image"]],
    ["a computed value that the program leaves out", { region: "sgp1" }, {}, []],
    ["an unknown value", { image: "a" }, { image: unknown }, ["update! image"]],
    ["an unknown value inside", { meta: { a: "1" } }, { meta: { a: unknown } }, ["update meta.a"]],
    ["empty for absent", { meta: {} }, {}, []],
    ["an added key", { meta: { a: "1" } }, { meta: { a: "1", "b.c": "2" } }, ['add meta["b.c"]']],
    ["a removed key", { meta: { a: "1", b: "2" } }, { meta: { a: "1" } }, ["delete meta.b"]],
    ["another order where order means nothing", { rules: ["a", "b"] }, { rules: ["b", "a"] }, []],
    [
      "another order where it means something",
      { steps: ["a", "b"] },
      { steps: ["b", "a"] },
      ["update steps[0]", "update steps[1]"],
    ],
    [
      "a nested change",
      { rules: [{ protocol: "tcp", tags: ["a"] }, { protocol: "udp" }] },
      { rules: [{ protocol: "tcp", tags: ["b"] }, { protocol: "udp" }] },
      ["update rules[0]"],
    ],
    ["an added element", { rules: ["a"] }, { rules: ["b", "a"] }, ["add rules[0]"]],
    ["a first element", { rules: [] }, { rules: ["a"] }, ["add rules"]],
    ["a list taken away", { rules: ["a"] }, {}, ["delete rules"]],
    ["an unknown element", { rules: ["a", "b"] }, { rules: [{ tags: [unknown] }, "b"] }, ["update rules"]],
    [
      "another order inside an element",
      { rules: [{ tags: ["a", "b"] }] },
      { rules: [{ tags: ["b", "a"] }] },
      [],
    ],
    [
      "a changed element whose index differs",
      { rules: ["c", { tags: ["a", "b"] }] },
      { rules: [{ tags: ["a"] }, "c"] },
      ["add rules[0]", "delete rules[1]"],
    ],
    ["a doubled element", { rules: ["a"] }, { rules: ["a", "a"] }, ["add rules[1]"]],
    ["a removed element", { rules: ["a", "b"] }, { rules: ["a"] }, ["delete rules[1]"]],
  ])("%s", (_name, old, next, expected) => {
    expect(paths(old, next)).toEqual(expected);
  });

  const scalar = fc.oneof(fc.string({ maxLength: 3 }), fc.integer(), fc.boolean());
  const value = fc.oneof(
    scalar,
    fc.array(scalar, { maxLength: 4 }),
    fc.dictionary(fc.string({ maxLength: 3 }), scalar, { maxKeys: 3 }),
  );
  const items = fc.array(value, { maxLength: 5 });

  test("finds a change exactly when the values differ", () => {
    fc.assert(
      fc.property(items, items, (old, next) => {
        const changes = compareProperties(table, { steps: old }, { steps: next });
        expect(changes.length === 0).toBe(sameValue(old, next));
      }),
    );
  });

  test("finds none in a shuffled unordered list", () => {
    fc.assert(
      fc.property(items, fc.infiniteStream(fc.nat()), (old, draws) => {
        const next = old.map((item) => [draws.next().value, item] as const);
        next.sort(([left], [right]) => Number(left) - Number(right));
        expect(compareProperties(table, { rules: old }, { rules: next.map(([, item]) => item) })).toEqual([]);
      }),
    );
  });

  test("canonicalText ignores the order of keys and nothing that has a value", () => {
    expect(canonicalText({ a: 1, b: [{ d: 2, c: "" }] })).toBe(canonicalText({ b: [{ d: 2 }], a: 1 }));
    expect(canonicalText({ a: 1 })).not.toBe(canonicalText({ a: "1" }));
  });
});

describe("diffResponse", () => {
  const named: Record<string, InputProperty> = { name: { type: "string", default: "generated" } };
  const changes = [{ path: "region", kind: "update", replaces: true }] as const;
  test.each([
    ["deletes first what the program named", "chosen", true],
    ["makes first what has a generated name", "tag-0a1b2c3", false],
  ])("%s", (_name, name, expected) => {
    expect(diffResponse({ inputs: named }, "tag", [...changes], { name }).getDeletebeforereplace()).toBe(
      expected,
    );
  });

  test("does not delete first what has no name", () => {
    expect(diffResponse({ inputs: {} }, "ip", [...changes], {}).getDeletebeforereplace()).toBe(false);
  });
});
