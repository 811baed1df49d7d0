import { taskProblems } from "../job.ts";
import type { Job } from "../job.ts";
import { jobPolicy } from "../job-policy.ts";

export const taskMemory = jobPolicy(
  {
    name: "task-memory",
    description: "Every task says how much memory it needs.",
    severity: "medium",
    remediationSteps: "Set MemoryMB in the task's Resources.",
  },
  taskMemoryProblems,
);

export function taskMemoryProblems(job: Job): string[] {
  return taskProblems(job, ({ memory }) =>
    memory === undefined ? ["has no memory of its own, so that Nomad gives it 300 MiB"] : [],
  );
}
