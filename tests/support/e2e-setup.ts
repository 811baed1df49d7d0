import { sandbox } from "./sandbox.ts";

/** Starts the tests' sandbox once for all end-to-end tests, and leaves nothing behind. */
export async function setup(): Promise<() => Promise<void>> {
  await sandbox("reset");
  console.log("starting a sandbox for the end-to-end tests, some minutes ...");
  await sandbox("start");
  return async () => {
    await sandbox("reset");
  };
}
