import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ghostJob } from "../../support/rendered-jobs.ts";
import { datadogAgent } from "../../../components/jobs/monitoring/presets/datadog-agent.ts";
import { mackerelAgent } from "../../../components/jobs/monitoring/presets/mackerel-agent.ts";
import { nodeExporterAgent } from "../../../components/jobs/monitoring/presets/node-exporter-agent.ts";
import { openTelemetryCollectorAgent } from "../../../components/jobs/monitoring/presets/open-telemetry-collector-agent.ts";
import type { MonitoringAgent } from "../../../components/jobs/monitoring/monitoring-agent.ts";
import { nginxJob } from "../../support/rendered-jobs.ts";
import { checkImage } from "../../../components/jobs/spec/validation.ts";
import { monitoringAgentJob } from "../../support/rendered-jobs.ts";
import { readJob } from "../../../policies/job.ts";
import { plainSecretProblems } from "../../../policies/rules/no-plain-secrets.ts";
import { pinnedImageProblems } from "../../../policies/rules/pinned-images.ts";
import { taskMemoryProblems } from "../../../policies/rules/task-memory.ts";
import { unprivilegedContainerProblems } from "../../../policies/rules/unprivileged-containers.ts";

/** A job of one docker task, `task web/server` in messages. */
function jobWith(task: object, config: object = {}) {
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

describe("pinned-images", () => {
  const digest = `nginx@sha256:${"0a".repeat(32)}`;
  const problems = (image: unknown, requireDigest = false) =>
    pinnedImageProblems(jobWith({}, { image }), { requireDigest });

  test.each(["nginx:1.30.7", "registry.example.com:5000/team/nginx:1.30", digest])("takes %s", (image) => {
    expect(problems(image)).toEqual([]);
  });

  test.each([
    ["nginx", /^task web\/server: image "nginx" has no tag/],
    ["nginx:latest", /"nginx:latest" is another one every time/],
    ["registry.example.com:5000/nginx", /has no tag/],
    [undefined, /has no image/],
  ])("refuses %s", (image, reason) => {
    expect(problems(image)).toEqual([expect.stringMatching(reason)]);
  });

  test("refuses a tag where a digest is required, and takes the digest", () => {
    expect(problems("nginx:1.30.7", true)).toEqual(['task web/server: image "nginx:1.30.7" has no digest']);
    expect(problems(digest, true)).toEqual([]);
  });

  test("judges an image as the components do", () => {
    const part = fc.constantFrom("nginx", ":", "/", "latest", "1.30", "@sha256:", "0a".repeat(32), "5000");
    fc.assert(
      fc.property(fc.array(part, { maxLength: 7 }), (parts) => {
        const image = parts.join("");
        expect(problems(image).length > 0).toBe(checkImage(image) !== undefined);
      }),
    );
  });

  test("leaves other drivers alone", () => {
    expect(
      pinnedImageProblems(jobWith({ Driver: "exec" }, { image: "nginx" }), { requireDigest: false }),
    ).toEqual([]);
  });
});

describe("unprivileged-containers", () => {
  const problems = (config: object, allowedDevices: string[] = []) =>
    unprivilegedContainerProblems(jobWith({}, config), { allowedDevices });

  test.each([
    ["no setting", {}],
    ["privileged mode turned off", { privileged: false }],
    ["a directory of the task", { volumes: ["local/run:/var/run"] }],
    ["a file of the node", { volumes: ["/etc/localtime:/etc/localtime:ro"] }],
    [
      "a directory whose name only begins like the socket's",
      { volumes: ["/var/runner:/x", "/run/dockerx:/y"] },
    ],
    ["a volume of Docker", { mount: [{ type: "volume", source: "run", target: "/run" }] }],
    ["memory as a mount", { mount: [{ type: "tmpfs", target: "/run" }] }],
    ["namespaces of its own", { pid_mode: "", ipc_mode: "private", userns_mode: "" }],
    ["the network of the node", { network_mode: "host" }],
    ["a capability that Docker gives by itself", { cap_add: ["chown", "NET_BIND_SERVICE"] }],
    ["capabilities taken away", { cap_drop: ["all"] }],
    ["more confinement", { security_opt: ["no-new-privileges", "seccomp=/etc/profile.json"] }],
  ])("takes %s", (_, config) => {
    expect(problems(config)).toEqual([]);
  });

  test.each([
    ["privileged mode", { privileged: true }, /^task web\/server: is privileged/],
    ["privileged mode as a word", { privileged: "true" }, /is privileged/],
    [
      "the socket",
      { volumes: ["/var/run/docker.sock:/var/run/docker.sock:ro"] },
      /mounts \/var\/run\/docker\.sock,/,
    ],
    ["the socket by its other path", { volumes: ["/run/docker.sock:/x"] }, /mounts \/run\/docker\.sock/],
    ["the socket of containerd", { volumes: ["/run/containerd:/x"] }, /mounts \/run\/containerd,/],
    ["a directory that has the socket", { volumes: ["/var/run/:/x"] }, /mounts \/var\/run\//],
    ["the root directory", { volumes: ["/:/host:ro"] }, /mounts \/,/],
    ["a path that hides it", { volumes: ["/etc/../var//run/docker.sock:/x"] }, /mounts \/etc/],
    [
      "a path out of the task's directory",
      { volumes: ["../../../../var/run/docker.sock:/x"] },
      /mounts \.\./,
    ],
    ["a bind mount", { mount: [{ type: "bind", source: "/run", target: "/x" }] }, /mounts \/run,/],
    [
      "a bind mount that is no list",
      { mounts: { type: "bind", source: "/run", target: "/x" } },
      /mounts \/run,/,
    ],
    ["a disk", { devices: [{ host_path: "/dev/vda" }] }, /has the device \/dev\/vda, and with a disk/],
    ["a device that is no list", { devices: { host_path: "/dev/mem" } }, /has the device \/dev\/mem,/],
    [
      "a device that only the node can tell",
      { devices: [{ host_path: "${meta.disk}" }] },
      /has the device \$\{meta\.disk\},/,
    ],
    ["the node's processes", { pid_mode: "host" }, /has pid_mode "host", which shows it the processes/],
    ["another container's processes", { pid_mode: "container:0a1b" }, /has pid_mode "container:0a1b"/],
    [
      "the node's shared memory",
      { ipc_mode: "host" },
      /has ipc_mode "host", which gives it the shared memory/,
    ],
    [
      "the node's users",
      { userns_mode: "host" },
      /has userns_mode "host", which makes its root user the node's/,
    ],
    ["a capability", { cap_add: ["SYS_ADMIN"] }, /has the capability SYS_ADMIN/],
    ["every capability", { cap_add: ["all"] }, /has the capability ALL/],
    [
      "a capability by its full name",
      { cap_add: ["chown", "cap_sys_ptrace"] },
      /has the capability SYS_PTRACE/,
    ],
    [
      "every system call",
      { security_opt: ["seccomp=unconfined"] },
      /has the security_opt "seccomp=unconfined"/,
    ],
    ["no AppArmor", { security_opt: ["apparmor:unconfined"] }, /"apparmor:unconfined"/],
  ])("refuses %s", (_, config, reason) => {
    expect(problems(config)).toEqual([expect.stringMatching(reason)]);
  });

  test("takes the devices that the configuration allows, and no other", () => {
    const devices = ["/dev/fuse", "/dev/fuse2"].map((host_path) => ({ host_path }));
    expect(problems({ devices }, ["/dev/fuse"])).toEqual([
      expect.stringContaining("has the device /dev/fuse2,"),
    ]);
  });
});

describe("task-memory", () => {
  test.each([
    ["no resources", {}],
    ["resources with no memory", { Resources: { CPU: 100 } }],
    ["a memory of 0", { Resources: { MemoryMB: 0 } }],
  ])("refuses %s", (_, task) => {
    expect(taskMemoryProblems(jobWith({ Resources: undefined, ...task }))).toEqual([
      expect.stringMatching(/^task web\/server: has no memory/),
    ]);
  });

  test("takes a task with memory, whatever its driver", () => {
    expect(taskMemoryProblems(jobWith({}))).toEqual([]);
    expect(taskMemoryProblems(jobWith({ Driver: "exec" }))).toEqual([]);
  });
});

describe("no-plain-secrets", () => {
  const canary = "hunter2canary";
  const problems = (task: object, allowedNames: string[] = [], config = {}) =>
    plainSecretProblems(jobWith(task, config), { allowedNames });
  const template = (text: string, environment = true) => ({
    Templates: [{ EmbeddedTmpl: text, DestPath: "secrets/x.env", Envvars: environment }],
  });

  test.each(["TOKEN", "apikey", "apiKey", "MACKEREL_APIKEY", "API_KEY", "DB_PASSWORD", "mail__auth__pass"])(
    "refuses %s with a value in the job, and does not say the value",
    (name) => {
      const found = problems({ Env: { [name]: canary } });
      expect(found).toEqual([`task web/server: environment variable ${name} holds a secret in plain text`]);
      expect(found.join()).not.toContain(canary);
    },
  );

  test.each(["KEY", "KEYBOARD", "TOKEN_TTL", "PASSWORD_FILE", "AWS_ACCESS_KEY_ID", "COMPASS", "MONKEY"])(
    "takes %s",
    (name) => {
      expect(problems({ Env: { [name]: canary } })).toEqual([]);
    },
  );

  test.each(["", "true", "no", "20", "${meta.token}"])("takes a TOKEN of the value %j", (value) => {
    expect(problems({ Env: { TOKEN: value } })).toEqual([]);
  });

  test.each([
    ["a URL with a password", `postgres://blog:${canary}@db.example.com/blog`],
    ["a private key", `-----BEGIN RSA PRIVATE KEY-----\n${canary}`],
  ])("refuses %s under any name", (_, value) => {
    const found = problems({ Env: { DATABASE: value } });
    expect(found).toEqual([expect.stringContaining("environment variable DATABASE")]);
    expect(found.join()).not.toContain(canary);
  });

  test("takes a URL with no password", () => {
    expect(problems({ Env: { url: "https://blog@blog.example.com" } })).toEqual([]);
  });

  test.each([
    `TOKEN=${canary}`,
    `{{ with nomadVar "x" }}TOKEN=${canary}{{end}}`,
    `A=1\nexport TOKEN="${canary}"`,
  ])("refuses a template that is environment and says %j", (text) => {
    // The last action of a line is part of the value, which is then no literal.
    const found = problems(template(text.replace("{{end}}", "\n{{end}}")));
    expect(found).toEqual([expect.stringContaining("environment variable TOKEN")]);
    expect(found.join()).not.toContain(canary);
  });

  test("takes a template that reads the secret from a Variable, and any text that is no environment", () => {
    const text = '{{ with nomadVar "nomad/jobs/web" }}TOKEN={{ .token.Value | toJSON }}\n{{ end }}';
    expect(problems(template(text))).toEqual([]);
    expect(problems(template(`TOKEN=${canary}`, false))).toEqual([]);
  });

  test("refuses a registry's password", () => {
    const auth = { username: "blog", password: canary };
    for (const config of [{ auth }, { auth: [auth] }])
      expect(problems({}, [], config)).toEqual([
        "task web/server: auth.password holds a secret in plain text",
      ]);
    expect(problems({}, [], { auth: { password: "${REGISTRY_PASSWORD}" } })).toEqual([]);
  });

  test("takes what the configuration allows", () => {
    const Env = { DEMO_TOKEN: canary, TOKEN: canary };
    expect(problems({ Env }, ["DEMO_TOKEN"])).toEqual([expect.stringContaining("variable TOKEN")]);
  });
});

describe("the components' own jobs", () => {
  const datacenter = "sgp1";
  const password = "hunter2canary";
  const agentJob = (agent: MonitoringAgent) => monitoringAgentJob({ agent, jobId: agent.name, datacenter });
  const jobs = {
    mackerel: agentJob(mackerelAgent({ roles: ["blog:nomad-cluster"] })),
    "node-exporter": agentJob(nodeExporterAgent()),
    datadog: agentJob(datadogAgent({ site: "datadoghq.eu" })),
    "otel-collector": agentJob(openTelemetryCollectorAgent({ endpoint: "https://otlp.example.com" })),
    nginx: nginxJob({ datacenter, tls: true }),
    ghost: ghostJob({
      datacenter,
      url: "https://blog.example.com",
      contentVolume: "blog-content",
      database: { host: "db", user: "blog", password, name: "blog" },
      mail: { host: "mail", user: "blog", password, from: "blog@example.com" },
    }),
  };

  test.each(Object.entries(jobs))("%s breaks no rule", (_, job) => {
    const read = readJob(JSON.stringify({ Job: job }));
    expect(read.groups.flatMap(({ tasks }) => tasks)).toHaveLength(1);
    expect([
      ...pinnedImageProblems(read, { requireDigest: false }),
      ...unprivilegedContainerProblems(read, { allowedDevices: [] }),
      ...taskMemoryProblems(read),
      ...plainSecretProblems(read, { allowedNames: [] }),
    ]).toEqual([]);
  });
});
