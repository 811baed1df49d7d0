import type { JobDeployment, JobDetail } from "../../clients/nomad/types.ts";

/**
 * What to do about a system job's deployment that failed; undefined if that is not so. Nomad (1.11.3, 2.0.5) makes no
 * other one while it knows it, whatever version of the job is registered, and the provider reports the one that it finds.
 */
export function failedDeployment(
  id: string,
  { Type, Stop }: Pick<JobDetail, "Type" | "Stop">,
  deployment: JobDeployment | null,
): string | undefined {
  if (Type !== "system" || Stop || deployment?.Status !== "failed") return undefined;
  return (
    `job "${id}": its deployment of version ${deployment.JobVersion} failed (${deployment.StatusDescription}), and Nomad makes no ` +
    "other one of a system job while it knows that one, so updates of the job fail with it even if they are carried out. " +
    `Either run \`nomad job stop -purge ${id}\` and \`pulumi up\`, and the job is away from every node meanwhile; or, once a ` +
    "newer version runs on every node, `nomad system gc` and `pulumi up`"
  );
}
