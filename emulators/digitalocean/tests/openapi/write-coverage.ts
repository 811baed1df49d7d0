import { readFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import path from "node:path";
import * as prettier from "prettier";
import { answersOperation, routeTable } from "./routes.ts";

// Writes COVERAGE.md of the emulator, from its routes and DigitalOcean's description: `node write-coverage.ts`.

const file = path.resolve(import.meta.dirname, "../../COVERAGE.md");

interface Described {
  readonly source: string;
  readonly commit: string;
  /** The tag of each operation. */
  readonly operations: Readonly<Record<string, string>>;
}

/** The text of COVERAGE.md. */
export async function coveragePage(): Promise<string> {
  const { source, commit, operations } = JSON.parse(
    readFileSync(path.join(import.meta.dirname, "described.json"), "utf8"),
  ) as Described;
  const routes = routeTable();
  const isEmulated = (operation: string) => routes.some((route) => answersOperation(route, operation));
  const all = Object.keys(operations);
  const emulated = all.filter(isEmulated);
  const tags = [...new Set(Object.values(operations))].sort((one, other) => one.localeCompare(other));
  const rows = tags.map((tag) => {
    const ofTag = all.filter((operation) => operations[operation] === tag);
    const answered = ofTag.filter(isEmulated);
    return { tag, answered, refused: ofTag.filter((operation) => !answered.includes(operation)) };
  });
  const list = (items: readonly string[]) => items.map((item) => `\`${item}\``).join("<br>");
  const text = [
    "# Coverage of the API",
    `Of the ${all.length} operations in [DigitalOcean's OpenAPI description](${source}/tree/${commit}), ${emulated.length} ` +
      "are emulated; each of the others answers `501`. The README says what is refused within an emulated one.",
    "## Resources that are emulated, at least in part",
    [
      "| resource | emulated | 501 |",
      "| --- | --- | --- |",
      ...rows
        .filter(({ answered }) => answered.length > 0)
        .map(({ tag, answered, refused }) => `| ${tag} | ${list(answered)} | ${list(refused)} |`),
    ].join("\n"),
    "## Resources that are not",
    rows
      .filter(({ answered }) => answered.length === 0)
      .map(({ tag, refused }) => `- ${tag}: ${refused.length}`)
      .join("\n"),
    "Written by `tests/openapi/write-coverage.ts`; a test fails when it is out of date.",
  ].join("\n\n");
  const options = await prettier.resolveConfig(file);
  return prettier.format(text, { ...options, filepath: file });
}

if (import.meta.main) await writeFile(file, await coveragePage());
