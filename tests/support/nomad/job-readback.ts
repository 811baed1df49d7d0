import { expect } from "vitest";
import type { ApiJob } from "../../../components/jobs/spec/api-job.ts";
import type { NomadAgent } from "./dev-agent.ts";

/**
 * Expects that a real Nomad finds nothing wrong with a job, takes it, and shows it afterwards with every field that was
 * sent and no other value in it. Fields that Nomad adds are not looked at. The job is purged at the end.
 */
export async function expectAccepted(agent: NomadAgent, job: ApiJob): Promise<void> {
  const verdict = (await answer(agent, "POST", "/v1/validate/job", { Job: job })) as Verdict;
  const complaint = verdict.Error || unexpectedWarnings(verdict);
  if (complaint) throw new Error(`Nomad on job "${job.ID}": ${complaint}`);
  await answer(agent, "POST", "/v1/jobs", { Job: job });
  const path = `/v1/job/${encodeURIComponent(job.ID)}?namespace=${job.Namespace ?? "default"}`;
  try {
    expect(await answer(agent, "GET", path)).toMatchObject(asNomadKeepsIt(job));
  } finally {
    await answer(agent, "DELETE", `${path}&purge=true`);
  }
}

interface Verdict {
  readonly Error: string;
  /** A line that says how many there are, and one with an asterisk for each. */
  readonly Warnings: string;
}

/** Without that of Nomad 2.0.1 and newer about services that end at once; docs/decisions.md says why they do. */
function unexpectedWarnings({ Warnings }: Verdict): string {
  const expected =
    /^\* group "[^"]+" defines services, but neither the group nor any of its tasks have shutdown_delay set$/;
  return Warnings.split("\n")
    .filter((line) => line !== "" && !/^\d+ warnings?:$/.test(line) && !expected.test(line))
    .join("\n");
}

/** Nomad hands a job's update strategy down to its groups, and keeps of the job's own only how many change at once. */
function asNomadKeepsIt({ Update, ...job }: ApiJob): object {
  if (Update === undefined) return job;
  return {
    ...job,
    Update: { MaxParallel: Update.MaxParallel },
    TaskGroups: job.TaskGroups.map((group) => ({ ...group, Update })),
  };
}

async function answer(agent: NomadAgent, method: string, path: string, body?: object): Promise<unknown> {
  const response = await agent.call(method, path, body);
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
  return JSON.parse(text) as unknown;
}
