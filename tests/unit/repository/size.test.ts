import { readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { root, trackedFiles } from "./tracked-files.ts";

const isCode = (file: string) => /\.(ts|mjs|js|sh|pl)$/.test(file);
/** The table of the stack's settings, and a package that keeps the published one's shape. */
const data = /^(settings\.ts|sdks\/)/;
const code = trackedFiles.filter((file) => isCode(file) && !data.test(file));

test("no file of code has more than 250 lines", () => {
  const lines = (file: string) => readFileSync(path.join(root, file), "utf8").split("\n").length - 1;
  expect(code.filter((file) => lines(file) > 250).map((file) => `${file}: ${lines(file)}`)).toEqual([]);
});

test("no folder has more than fifteen files of code", () => {
  const folders = Map.groupBy(code, (file) => path.dirname(file));
  const crowded = [...folders].filter(([, files]) => files.length > 15);
  expect(crowded.map(([folder, files]) => `${folder}: ${files.length}`)).toEqual([]);
});
