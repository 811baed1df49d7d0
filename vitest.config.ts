import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";
import { BaseSequencer } from "vitest/node";
import type { TestSpecification } from "vitest/node";
import { sandboxOf, sandboxVariable } from "./tests/support/end-to-end.ts";
import type { EndToEndProject } from "./tests/support/end-to-end.ts";

/** End-to-end tests of jobs share a sandbox that this file takes down. */
const lastFile = "cluster.test.ts";

/** End-to-end tests run in the order of their files' names, but for {@link lastFile}. */
class ByName extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    if (files.some(({ project }) => !project.name.startsWith("e2e"))) return super.sort(files);
    const rank = ({ moduleId }: TestSpecification) => `${moduleId.endsWith(`/${lastFile}`)} ${moduleId}`;
    return [...files].sort((one, other) => rank(one).localeCompare(rank(other)));
  }
}

const project = (name: string, folder: string, groupOrder: number, timeout: number, extra = {}) => ({
  test: {
    name,
    include: [`tests/${folder}/**/*.test.ts`, `emulators/*/tests/${folder}/**/*.test.ts`],
    testTimeout: timeout,
    hookTimeout: timeout,
    sequence: { groupOrder },
    ...extra,
  },
});

/** The files of a folder of tests/e2e, one after another on a sandbox of their own. */
const endToEnd = (name: EndToEndProject, groupOrder: number) =>
  project(name, name.replace("-", "/"), groupOrder, 900_000, {
    ...{ fileParallelism: false, maxWorkers: 1 },
    globalSetup: "tests/support/end-to-end/setup.ts",
    env: { [sandboxVariable]: sandboxOf(name) },
  });

export default defineConfig({
  test: {
    sequence: { sequencer: ByName },
    projects: [
      // One worker runs many files and loads each module once: loading would be most of the time. Nothing may be left behind.
      project("unit", "unit", 0, 20_000, {
        ...{ pool: "threads", isolate: false, unstubEnvs: true, unstubGlobals: true },
        maxWorkers: "100%",
      }),
      // A third of the contract tests' time is waiting, and nine tenths of that of clusters of real Nomad servers, beside them.
      // With more at once the processors are so late that what boots misses its time (load average 32 on two).
      project("contract", "contract", 1, 120_000, { maxWorkers: availableParallelism() }),
      project("cluster", "cluster", 2, 300_000, { maxWorkers: availableParallelism() }),
      endToEnd("e2e-jobs", 3),
      endToEnd("e2e-nodes", 4),
    ],
  },
});
