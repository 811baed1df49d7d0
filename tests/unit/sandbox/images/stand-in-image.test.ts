import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, expect, it } from "vitest";
import { recipeHash } from "../../../../sandbox/offline/images/stand-in-image.ts";

const folder = mkdtempSync(path.join(os.tmpdir(), "recipe-"));
const file = path.join(folder, "root.sh");
afterAll(() => rmSync(folder, { recursive: true }));

const recipe = {
  holds: "Debian's nginx",
  packages: ["nginx"],
  files: [file],
  inputs: ["1"],
  image: { environment: ["A=b"], command: ["nginx"] },
};

it("is the same for the same recipe, and another for each part of it that changes", async () => {
  writeFileSync(file, "echo one\n");
  const first = await recipeHash(recipe);
  expect(await recipeHash({ ...recipe })).toBe(first);
  const others = await Promise.all([
    recipeHash({ ...recipe, holds: "another nginx" }),
    recipeHash({ ...recipe, packages: ["nginx", "curl"] }),
    recipeHash({ ...recipe, inputs: ["2"] }),
    recipeHash({ ...recipe, files: [] }),
    recipeHash({ ...recipe, image: { ...recipe.image, command: ["nginx", "-t"] } }),
  ]);
  writeFileSync(file, "echo two\n");
  others.push(await recipeHash(recipe));
  expect(new Set([first, ...others]).size).toBe(others.length + 1);
});
