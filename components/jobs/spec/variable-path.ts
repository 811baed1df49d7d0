/** Path of the Variable that Nomad lets a job's tasks read with no policy of their own. */
export function variablePath(jobId: string): string {
  return `nomad/jobs/${jobId}`;
}
