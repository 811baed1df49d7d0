import type { Policies } from "@pulumi/policy";
import { backups } from "./backups.ts";
import { jsonJobs } from "./json-jobs.ts";
import { monthlyBudget } from "./monthly-budget.ts";
import { noPlainSecrets } from "./no-plain-secrets.ts";
import { oneNodeLost } from "./one-node-lost.ts";
import { pinnedImages } from "./pinned-images.ts";
import { privatePorts } from "./private-ports.ts";
import { taskMemory } from "./task-memory.ts";
import { unprivilegedContainers } from "./unprivileged-containers.ts";

/** Every rule of the pack. None of them starts anything when it is imported. */
export const policies: Policies = [
  jsonJobs,
  pinnedImages,
  unprivilegedContainers,
  taskMemory,
  noPlainSecrets,
  privatePorts,
  oneNodeLost,
  monthlyBudget,
  backups,
];
