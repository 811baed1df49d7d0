import { daemonState } from "../../../sandbox/daemon/daemon-record.ts";
import { sandboxNames } from "../../../sandbox/domains/sandbox-names.ts";
import type { SandboxNames } from "../../../sandbox/domains/sandbox-names.ts";
import { sandboxSettings } from "../../../sandbox/settings.ts";
import { sandboxVariable } from "../end-to-end.ts";

export const root = new URL("../../..", import.meta.url).pathname;
/** The end-to-end project's own sandbox, beside the one that somebody may be using in this clone. */
export const environment = { NOMAD_SANDBOX: process.env[sandboxVariable] ?? "e2e" };

export const settings = sandboxSettings(root, { ...process.env, ...environment });

/** URL of the blog that Pulumi.sandbox.yaml names. */
export const blogUrl = "https://blog.nomad.test";

/** The names of the sandbox if it runs, which it does not in tests of other projects. */
export async function names(): Promise<SandboxNames | undefined> {
  const daemon = await daemonState(settings);
  return daemon.state === "running" ? sandboxNames(settings, daemon.addresses.gateway) : undefined;
}
