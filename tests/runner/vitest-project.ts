import { mkdtemp, readFile, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { execa } from "execa";
import { resultsFileVariable } from "./results-reporter.ts";
import { noResults } from "./test-results.ts";
import type { TestResults } from "./test-results.ts";
import type { TestProject } from "./test-plan.ts";

/** Runs one vitest project with its progress on the screen. A project with no test files passes. */
export async function runVitestProject(
  root: string,
  project: TestProject,
  extra: readonly string[],
): Promise<TestResults> {
  const directory = await mkdtemp(path.join(os.tmpdir(), "vitest-results-"));
  const file = path.join(directory, "results.json");
  try {
    const { exitCode } = await execa(
      "vitest",
      [
        ...["run", "--project", project, "--passWithNoTests"],
        // An end-to-end test takes minutes, so each is shown as it ends.
        `--reporter=${project === "e2e" ? "verbose" : "default"}`,
        `--reporter=${path.join(import.meta.dirname, "results-reporter.ts")}`,
        ...extra,
      ],
      {
        ...{ cwd: root, preferLocal: true, localDir: root, stdio: "inherit", reject: false },
        env: { [resultsFileVariable]: file },
      },
    );
    const text = await readFile(file, "utf8").catch((error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT") return undefined;
      throw error;
    });
    const results = text === undefined ? noResults : (JSON.parse(text) as TestResults);
    const failures = [...results.failures];
    if (exitCode !== 0 && failures.length === 0)
      failures.push({ path: [], message: `vitest ended with exit code ${exitCode} and named no failure` });
    return {
      ...results,
      failures: failures.map((failure) => ({ ...failure, path: [project, ...failure.path] })),
    };
  } finally {
    await rm(directory, { recursive: true });
  }
}
