import { describe, expect, test } from "vitest";
import { validateGhost } from "../../../../components/jobs/ghost/validation.ts";
import { nodeExporterAgent } from "../../../../components/jobs/monitoring/presets/node-exporter-agent.ts";
import { mackerelAgent } from "../../../../components/jobs/monitoring/presets/mackerel-agent.ts";
import { validateMonitoringAgent } from "../../../../components/jobs/monitoring/validation.ts";
import { validateNginx } from "../../../../components/jobs/nginx/validation.ts";
import { systemJob } from "../../../../components/jobs/spec/render.ts";
import { taskGroup } from "../../../../components/jobs/spec/job.ts";

const exporter = nodeExporterAgent();
const mackerel = mackerelAgent({ roles: ["blog:nomad-cluster"] });
const long = "x".repeat(100);

describe("a job that is found as a service", () => {
  const issuesOf = {
    ghost: (jobId: string) => validateGhost({ url: "https://blog.example.com", jobId }).issues,
    nginx: (jobId: string) => validateNginx({ jobId }).issues,
    agent: (jobId: string) => validateMonitoringAgent({ agent: exporter, jobId }).issues,
  };
  describe.each(Object.entries(issuesOf))("%s", (_, issues) => {
    test.each(["node_exporter", "my_blog", "my blog", "-blog", "blog-", "", long, "x".repeat(64)])(
      'is not "%s", of which there is one problem',
      (jobId) => expect(issues(jobId)).toMatchObject([{ propertyPath: "jobId" }]),
    );
    test.each(["b", "my-blog", "Blog2", "x".repeat(63)])('may be "%s"', (jobId) =>
      expect(issues(jobId)).toEqual([]),
    );
  });
});

describe("an agent that nobody asks for", () => {
  const issues = (jobId: string) => validateMonitoringAgent({ agent: mackerel, apiKey: "key", jobId }).issues;
  test.each(["my_watch", "x".repeat(117)])('may be the job "%s"', (jobId) =>
    expect(issues(jobId)).toEqual([]),
  );
  test.each([
    ["my watch", '"my watch" is not a job id of letters, digits, hyphens and underscores'],
    ["x".repeat(118), `has 118 characters; Nomad takes 117 at most of a job that has a Variable`],
  ])('is not the job "%s"', (jobId, reason) => {
    expect(issues(jobId)).toMatchObject([{ propertyPath: "jobId" }]);
    expect(issues(jobId)[0]?.reason).toContain(reason);
  });
});

describe("the name of an agent", () => {
  test.each([
    ["Node Exporter", {}, ["agent.name"]],
    ["node_exporter", {}, ["agent.name"]],
    ["Node Exporter", { jobId: "exporter" }, ["agent.name"]],
    ["node/exporter", { jobId: "exporter" }, ["agent.name"]],
    ["node_exporter", { jobId: "exporter" }, []],
    ["node_exporter", { jobId: "node_exporter" }, ["jobId"]],
  ])("%s with %j", (name, changed, paths) => {
    const { issues } = validateMonitoringAgent({ agent: { ...exporter, name }, ...changed });
    expect(issues.map(({ propertyPath }) => propertyPath)).toEqual(paths);
  });
});

describe("a job of one's own", () => {
  const resources = { cpu: 100, memory: 64 };
  const job = (id: string, group: string, task: string, service: string) => () =>
    systemJob({
      id,
      datacenters: ["sgp1"],
      groups: {
        [group]: taskGroup({
          ports: { http: {} },
          services: [{ name: service, port: "http" }],
          tasks: { [task]: { image: "nginx:1.30.7", resources } },
        }),
      },
    });

  test("may have any name that Nomad takes", () => {
    expect(job("a.job/with~signs", "a group", "a task", "web-${NOMAD_ALLOC_INDEX}")).not.toThrow();
  });
  test("has all that Nomad would refuse in one error", () => {
    expect(job("my job", "", "alloc", "my_web")).toThrow(
      [
        "invalid job:",
        '  id: "my job" is not a job id, which has no space and is not empty',
        '  groups: "" is not a name of a group, which is not empty',
        '  groups..tasks: "alloc" is not a name of a task, which has no slash and is not "alloc"',
        '  groups..services[0]: "my_web" is not a service name of at most 63 letters, digits and hyphens, without a hyphen at its ends',
      ].join("\n"),
    );
    expect(job("web", "web", "a/b", "web")).toThrow('groups.web.tasks: "a/b" is not');
  });
});
