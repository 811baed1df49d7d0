import type { TestProject } from "vitest/node";
import { sandboxVariable } from "../end-to-end.ts";
import { namedSandbox } from "../sandbox.ts";

/** The sandboxes that `npm test` has started while other tests ran, separated by commas. */
const startedVariable = "TEST_SANDBOXES_STARTED";

const started = () => (process.env[startedVariable] ?? "").split(",").filter(Boolean);

/** A new sandbox for an end-to-end project's tests. */
export async function startSandbox(name: string): Promise<void> {
  await namedSandbox(name, "reset");
  await namedSandbox(name, "start");
  process.env[startedVariable] = [...started(), name].join(",");
}

/** Starts the project's sandbox once for all its tests, and leaves nothing behind. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const name = project.config.env[sandboxVariable] as string;
  if (!started().includes(name)) {
    console.log(`starting a sandbox for the tests of ${project.name}, some minutes ...`);
    await startSandbox(name);
  }
  return async () => {
    await namedSandbox(name, "reset");
  };
}
