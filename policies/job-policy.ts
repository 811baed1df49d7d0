import type { ResourceValidationPolicy } from "@pulumi/policy";
import { readJob } from "./job.ts";
import type { Job } from "./job.ts";

export const jobType = "nomad:index/job:Job";

/** What a job that {@link knownJob} cannot read is told. */
export const unreadableJob =
  "the job is not JSON, which is all that these policies read; give it as JSON with `json: true`";

/** The job in the `jobspec` of a `nomad.Job`, or undefined if it is not JSON. */
export function knownJob(jobspec: string): Job | undefined {
  try {
    return readJob(jobspec);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** A rule about every Nomad job that is JSON; the policy `json-jobs` reports the others. */
export function jobPolicy<Config extends object>(
  policy: Omit<ResourceValidationPolicy, "validateResource" | "remediateResource">,
  problems: (job: Job, config: Config) => string[],
): ResourceValidationPolicy {
  return {
    ...policy,
    validateResource(args, reportViolation) {
      if (args.type !== jobType) return args.notApplicable("applies to Nomad jobs");
      const job = knownJob((args.props as { jobspec: string }).jobspec);
      if (job === undefined) return args.notApplicable("the job is not JSON");
      for (const problem of problems(job, args.getConfig<Config>())) reportViolation(problem);
    },
  };
}
