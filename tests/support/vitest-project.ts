import { mkdtemp, readFile, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { execa } from "execa";
import { countReport, noTests } from "./test-counts.ts";
import type { TestCounts, VitestReport } from "./test-counts.ts";
import type { TestProject } from "./test-plan.ts";

/** Runs one vitest project with its progress on the screen. A project with no test files passes. */
export async function runVitestProject(
  root: string,
  project: TestProject,
  extra: readonly string[],
): Promise<TestCounts> {
  const directory = await mkdtemp(path.join(os.tmpdir(), "vitest-report-"));
  const file = path.join(directory, "report.json");
  try {
    const result = await execa(
      "vitest",
      [
        ...["run", "--project", project, "--passWithNoTests"],
        // An end-to-end test takes minutes, so each is shown as it ends.
        `--reporter=${project === "e2e" ? "verbose" : "default"}`,
        ...["--reporter=json", `--outputFile.json=${file}`],
        ...extra,
      ],
      { cwd: root, preferLocal: true, localDir: root, stdio: "inherit", reject: false },
    );
    const exitCode = result.exitCode ?? 1;
    const text = await readFile(file, "utf8").catch((error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT") return undefined;
      throw error;
    });
    if (text === undefined) return { ...noTests, failed: exitCode === 0 ? 0 : 1 };
    return countReport(JSON.parse(text) as VitestReport, exitCode);
  } finally {
    await rm(directory, { recursive: true });
  }
}
