import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { volumeIds, volumeMoves } from "../../../../sandbox/offline/plugins/digitalocean/volume-actions.ts";

describe("volumeMoves", () => {
  const volumes = fc.uniqueArray(fc.constantFrom(..."abcdef"), { maxLength: 5 });

  test("turns one set of volumes into another, and touches none that stays", () => {
    fc.assert(
      fc.property(volumes, volumes, (old, next) => {
        const attached = new Set(old);
        for (const { move, volume } of volumeMoves(old, next)) {
          expect(attached.has(volume)).toBe(move === "detach");
          if (move === "attach") attached.add(volume);
          else attached.delete(volume);
        }
        expect([...attached].sort()).toEqual([...next].sort());
      }),
    );
  });

  test("attaches before it detaches", () => {
    expect(volumeMoves(["a", "b"], ["b", "c"]).map(({ move, volume }) => `${move} ${volume}`)).toEqual([
      "attach c",
      "detach a",
    ]);
  });
});

test.each([
  [undefined, []],
  [null, []],
  [
    ["a", "", "b"],
    ["a", "b"],
  ],
])("volumeIds(%j) is %j", (given, expected) => {
  expect(volumeIds(given)).toEqual(expected);
});
