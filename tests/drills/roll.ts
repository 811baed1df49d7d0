import type { SandboxSettings } from "../../sandbox/settings.ts";
import { runningSandbox } from "./running-sandbox.ts";
import type { Report, RunningSandbox } from "./running-sandbox.ts";
import { underProbe } from "./measures/under-probe.ts";
import type { Measures, ProbedChange } from "./measures/under-probe.ts";

/** The emulator offers both; the sandbox boots the same system for either, so what is measured is the rollout. */
const images = ["debian-12-x64", "debian-13-x64"] as const;

/** What `pulumi preview` says the rollout will do, and the rollout. */
export interface Roll extends ProbedChange {
  readonly announced: string;
}

/** The image that the droplets do not have now. */
export async function nextImage(sandbox: RunningSandbox): Promise<string> {
  const current = (await sandbox.config("image")) ?? images[0];
  return images.find((candidate) => candidate !== current)!;
}

/** Changes the image of every droplet. */
export async function rollImage(sandbox: RunningSandbox, report: Report): Promise<Roll> {
  const image = await nextImage(sandbox);
  report(`the image of every droplet becomes ${image}`);
  await sandbox.setConfig("image", image);
  const preview = await sandbox.output("preview");
  const announced = preview.split("\n").find((line) => line.includes("rollout: ")) ?? "";
  report(`the preview says: ${announced.trim()}`);
  const change = await underProbe(sandbox, report, () => sandbox.up());
  return { ...change, announced };
}

/** `npm run drill -- roll`. */
export async function roll(settings: SandboxSettings, report: Report): Promise<Measures> {
  const sandbox = await runningSandbox(settings, report);
  return (await rollImage(sandbox, report)).measures;
}
