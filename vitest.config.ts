import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";
import { BaseSequencer } from "vitest/node";
import type { TestSpecification } from "vitest/node";

/** The end-to-end tests share a sandbox that this file takes down. */
const lastFile = "cluster.test.ts";

/** End-to-end tests run in the order of their files' names, but for {@link lastFile}. */
class EndToEndByName extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    if (files.some(({ project }) => project.name !== "e2e")) return super.sort(files);
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

const oneAtATime = { fileParallelism: false, maxWorkers: 1 };

export default defineConfig({
  test: {
    sequence: { sequencer: EndToEndByName },
    projects: [
      // One worker runs many files and loads each module once: loading would be most of the time. Nothing may be left behind.
      project("unit", 0, 20_000, {
        ...{ pool: "threads", isolate: false, unstubEnvs: true, unstubGlobals: true },
        maxWorkers: "100%",
      }),
      // Half of their time is waiting.
      project("contract", 1, 120_000, { maxWorkers: Math.ceil(availableParallelism() * 1.5) }),
      // Clusters of real Nomad servers, which miss their heartbeats when the machine has too much else to do.
      project("cluster", 2, 120_000, oneAtATime),
      project("e2e", 3, 900_000, {
        ...oneAtATime,
        globalSetup: "tests/support/e2e-setup.ts",
      }),
    ],
  },
});
