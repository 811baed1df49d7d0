import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";
import { BaseSequencer } from "vitest/node";
import type { TestSpecification } from "vitest/node";

/** The end-to-end tests share a sandbox that this file takes down. */
const lastFile = "cluster.test.ts";

/**
 * End-to-end tests run in the order of their files' names, but for {@link lastFile}. Clusters come before contract tests:
 * they take longest, and mostly wait.
 */
class ByProject extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    if (files.some(({ project }) => project.name !== "e2e")) {
      const sorted = await super.sort(files);
      const isCluster = ({ project }: TestSpecification) => project.name === "cluster";
      return [...sorted.filter(isCluster), ...sorted.filter((file) => !isCluster(file))];
    }
    const rank = ({ moduleId }: TestSpecification) => `${moduleId.endsWith(`/${lastFile}`)} ${moduleId}`;
    return [...files].sort((one, other) => rank(one).localeCompare(rank(other)));
  }
}

const project = (name: string, groupOrder: number, timeout: number, extra = {}) => ({
  test: {
    name,
    include: [`tests/${name}/**/*.test.ts`, `emulators/*/tests/${name}/**/*.test.ts`],
    testTimeout: timeout,
    hookTimeout: timeout,
    sequence: { groupOrder },
    ...extra,
  },
});

export default defineConfig({
  test: {
    sequence: { sequencer: ByProject },
    projects: [
      // One worker runs many files and loads each module once: loading would be most of the time. Nothing may be left behind.
      project("unit", 0, 20_000, {
        ...{ pool: "threads", isolate: false, unstubEnvs: true, unstubGlobals: true },
        maxWorkers: "100%",
      }),
      // Half of the contract tests' time is waiting, and nine tenths of that of clusters of real Nomad servers.
      project("contract", 1, 120_000, { maxWorkers: availableParallelism() * 2 }),
      project("cluster", 1, 120_000, { maxWorkers: availableParallelism() * 2 }),
      project("e2e", 2, 900_000, {
        ...{ fileParallelism: false, maxWorkers: 1 },
        globalSetup: "tests/support/e2e-setup.ts",
      }),
    ],
  },
});
