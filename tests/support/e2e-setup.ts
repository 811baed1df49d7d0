import { sandbox } from "./sandbox.ts";

/** Set where `npm test` has started the sandbox while other tests ran. */
export const startedVariable = "TEST_SANDBOX_STARTED";

/** A new sandbox for the end-to-end tests. */
export async function startSandbox(): Promise<void> {
  await sandbox("reset");
  await sandbox("start");
}

/** Starts the tests' sandbox once for all end-to-end tests, and leaves nothing behind. */
export async function setup(): Promise<() => Promise<void>> {
  if (process.env[startedVariable] === undefined) {
    console.log("starting a sandbox for the end-to-end tests, some minutes ...");
    await startSandbox();
  }
  return async () => {
    await sandbox("reset");
  };
}
