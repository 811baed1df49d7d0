import type { ResourceValidationPolicy } from "@pulumi/policy";
import { jobType, knownJob, unreadableJob } from "../job-policy.ts";

export const jsonJobs: ResourceValidationPolicy = {
  name: "json-jobs",
  description: "Every Nomad job is JSON, so that the other policies can read it.",
  severity: "high",
  validateResource(args, reportViolation) {
    if (args.type !== jobType) return args.notApplicable("applies to Nomad jobs");
    if (knownJob((args.props as { jobspec: string }).jobspec) === undefined) reportViolation(unreadableJob);
  },
};
