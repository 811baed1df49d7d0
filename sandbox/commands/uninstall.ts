import { rm } from "node:fs/promises";
import { runSteps, UsageError } from "../progress.ts";
import type { SandboxSettings } from "../settings.ts";
import { endDockerd, removeImages, removePackages, takeInventory } from "../uninstall/machine.ts";
import { planText, uninstallPlan } from "../uninstall/plan.ts";
import { reset } from "./reset.ts";

export interface UninstallOptions {
  /** Says what would be removed, and removes nothing. */
  readonly dryRun: boolean;
  /** Removes also the Debian packages that a sandbox installed, which other programs may use by now. */
  readonly packages: boolean;
}

/** Removes the sandbox and all that sandboxes ever put on this machine. Refuses while another sandbox uses it. */
export async function uninstall(settings: SandboxSettings, options: UninstallOptions): Promise<void> {
  const inventory = await takeInventory(settings);
  const plan = uninstallPlan(inventory, options);
  console.log(planText(plan, options.dryRun));
  if (plan.refusal !== undefined) throw new UsageError(`Nothing is removed, because ${plan.refusal}.`);
  if (options.dryRun) return;
  await reset(settings);
  const { images, dockerd, cache, packages } = inventory;
  const step = (title: string, isThere: boolean, remove: () => Promise<void>) => ({
    title,
    run: async () => {
      if (!isThere) return "none";
      await remove();
      return "removed";
    },
  });
  await runSteps([
    step("Images", images.length > 0, () => removeImages(images)),
    step("Docker that a sandbox started", dockerd !== undefined, () => endDockerd(dockerd!)),
    step("Debian packages", options.packages && packages.length > 0, () => removePackages(packages)),
    step("Downloads and builds", cache.bytes > 0, () => rm(cache.directory, { recursive: true })),
  ]);
}
