import { defineConfig } from "vitest/config";

const project = (name: string, timeout: number, extra = {}) => ({
  test: {
    name,
    include: [`tests/${name}/**/*.test.ts`],
    testTimeout: timeout,
    hookTimeout: timeout,
    ...extra,
  },
});

export default defineConfig({
  test: {
    projects: [
      project("unit", 20_000),
      project("contract", 120_000),
      project("e2e", 900_000, {
        fileParallelism: false,
        maxWorkers: 1,
        globalSetup: "tests/support/e2e-setup.ts",
      }),
    ],
  },
});
