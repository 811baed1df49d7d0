/** What is on the machine because sandboxes were started on it. */
export interface Inventory {
  /** Of this clone, as `reset` removes it; undefined if there is none. */
  readonly stateDir: string | undefined;
  /** State directories of other sandboxes that use the cache, and ids of those that have containers. */
  readonly otherSandboxes: readonly string[];
  readonly cache: { readonly directory: string; readonly bytes: number };
  /** References or ids in Docker of what sandboxes built, imported or pulled. */
  readonly images: readonly string[];
  /** Process of a dockerd that a sandbox started. */
  readonly dockerd: number | undefined;
  /** Debian packages that a sandbox installed and that are still there. */
  readonly packages: readonly string[];
  /** Whether Go has caches, which builds of tools filled too. */
  readonly hasGoCaches: boolean;
}

export interface UninstallPlan {
  /** Why nothing is removed. */
  readonly refusal?: string;
  readonly removed: readonly string[];
  /** What stays, each with the command that removes it. */
  readonly kept: readonly string[];
}

/** What an uninstall removes and leaves, in words. Pure. */
export function uninstallPlan(
  inventory: Inventory,
  { packages }: { readonly packages: boolean },
): UninstallPlan {
  const { stateDir, otherSandboxes, cache, images, dockerd } = inventory;
  const removed = [
    ...(stateDir === undefined
      ? []
      : [`the sandbox of this clone, ${stateDir}, with its droplets, volumes and networks`]),
    ...(images.length === 0 ? [] : [`images in Docker: ${images.join(", ")}`]),
    ...(dockerd === undefined ? [] : [`the process ${dockerd}, a dockerd that a sandbox started`]),
    ...(cache.bytes === 0 ? [] : [`downloads and builds, ${cache.directory}, ${megabytes(cache.bytes)}`]),
    ...(packages && inventory.packages.length > 0
      ? [`Debian packages: ${inventory.packages.join(" ")}`]
      : []),
  ];
  const kept = [
    ...(!packages && inventory.packages.length > 0
      ? [`Debian packages that a sandbox installed, ${inventory.packages.join(" ")}: add \`--packages\``]
      : []),
    ...(inventory.hasGoCaches
      ? ["Go's caches, which are shared with other projects: `go clean -cache -modcache`"]
      : []),
    "npm's packages of this clone: `rm -r node_modules`",
    "`net.ipv4.ip_forward` and `fs.inotify.max_user_instances`, as they are until the next boot",
  ];
  if (otherSandboxes.length === 0) return { removed, kept };
  return {
    removed,
    kept,
    refusal: `other sandboxes of this machine use what would be removed: ${otherSandboxes.join(", ")}. Reset them first, with \`npm run reset\` in their clones`,
  };
}

/** For the screen. */
export function planText({ removed, kept, refusal }: UninstallPlan, isDryRun: boolean): string {
  const list = (items: readonly string[]) => items.map((item) => `  ${item}`).join("\n");
  return [
    removed.length === 0
      ? "There is nothing to remove."
      : `${isDryRun || refusal ? "Would be removed" : "Is removed"}:\n${list(removed)}`,
    `Stays:\n${list(kept)}`,
  ].join("\n");
}

function megabytes(bytes: number): string {
  return `${Math.round(bytes / 1_000_000)} MB`;
}
