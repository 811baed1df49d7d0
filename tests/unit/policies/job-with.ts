import { readJob } from "../../../policies/job.ts";

/** A job of one docker task, `task web/server` in messages. */
export function jobWith(task: object, config: object = {}) {
  const server = {
    Name: "server",
    Driver: "docker",
    Config: { image: "nginx:1.30.7", ...config },
    Resources: { CPU: 100, MemoryMB: 64 },
    ...task,
  };
  const job = { ID: "web", TaskGroups: [{ Name: "web", Tasks: [server] }] };
  return readJob(JSON.stringify({ Job: job }));
}
