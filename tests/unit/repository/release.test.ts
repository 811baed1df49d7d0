import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { snapshotFileName } from "../../../components/rollout/snapshot.ts";
import { root, trackedFiles } from "./tracked-files.ts";

const text = (file: string) => readFileSync(path.join(root, file), "utf8");
interface Manifest {
  readonly private?: boolean;
  readonly license?: string;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}
const manifest = (file: string) => JSON.parse(text(file)) as Manifest;

test("workflows and version managers take the version of Node that the sandbox runs on", () => {
  const version = text(".node-version").trim();
  expect(Object.values(manifest("package.json").optionalDependencies!)).toEqual([version, version]);
  for (const workflow of trackedFiles.filter((file) => file.startsWith(".github/workflows/"))) {
    const steps = text(workflow).split("uses: actions/setup-node@").slice(1);
    for (const step of steps)
      expect(step.split("- uses:")[0], workflow).toContain("node-version-file: .node-version");
  }
});

test("each package that is published has the licence's text", () => {
  const published = trackedFiles.filter(
    (file) => /^(?!sdks).*\/package\.json$/.test(file) && !manifest(file).private,
  );
  expect(published.length).toBeGreaterThan(3);
  for (const file of published) {
    expect(manifest(file).license).toBe("MPL-2.0");
    expect(text(path.join(path.dirname(file), "LICENSE"))).toBe(text("LICENSE"));
  }
});

test("snapshots of Nomad's state, which hold every secret, are not committed by accident", () => {
  const file = `snapshots/${snapshotFileName("sgp1", "blog", new Date(0))}`;
  expect(execFileSync("git", ["check-ignore", file], { cwd: root, encoding: "utf8" }).trim()).toBe(file);
});
