import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { root, trackedFiles } from "./tracked-files.ts";

const pages = trackedFiles.filter((file) => file.endsWith(".md"));
const read = (file: string) => readFileSync(path.join(root, file), "utf8");

/** Links to files, without those to other sites and to headings of the page itself. */
const fileLinks = (text: string) =>
  [...text.matchAll(/\]\(([^)\s#]+)(?:#[^)]*)?\)/g)]
    .map(([, link = ""]) => link)
    .filter((link) => !/^[a-z]+:/.test(link));

describe("the documents", () => {
  test.each(pages)("%s links to files that are there", (page) => {
    const missing = fileLinks(read(page)).filter(
      (link) => !existsSync(path.join(root, path.dirname(page), link)),
    );
    expect(missing).toEqual([]);
  });

  test("architecture.md says where things are: each in a folder and a file that are there", () => {
    const rows = [...read("docs/architecture.md").matchAll(/^\|[^|]+\| `([^`]+)` +\| `([^`]+)`/gm)];
    expect(rows.length).toBeGreaterThan(8);
    const files = rows.map(([, folder = "", file = ""]) => path.join(folder, file));
    expect(files.filter((file) => !existsSync(path.join(root, file)))).toEqual([]);
  });
});
