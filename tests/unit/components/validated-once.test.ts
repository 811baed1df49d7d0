import { afterAll, afterEach, expect, test, vi } from "vitest";
import { testAuthority } from "../../support/certificate-authority.ts";
import { configurationOf } from "../../support/pulumi/configuration.ts";
import { declared } from "../../support/pulumi/mocked-program.ts";

vi.mock("../../../components/blog/validation.ts", { spy: true });
vi.mock("../../../components/cluster/defaults.ts", { spy: true });
vi.mock("../../../components/cluster/validation.ts", { spy: true });
vi.mock("../../../components/jobs/ghost/defaults.ts", { spy: true });
vi.mock("../../../components/jobs/ghost/validation.ts", { spy: true });
vi.mock("../../../components/jobs/monitoring/defaults.ts", { spy: true });
vi.mock("../../../components/jobs/monitoring/validation.ts", { spy: true });
vi.mock("../../../components/jobs/nginx/defaults.ts", { spy: true });
vi.mock("../../../components/jobs/nginx/tls.ts", { spy: true });
vi.mock("../../../components/jobs/nginx/validation.ts", { spy: true });

// Other files of this worker may have loaded the modules without the spies.
vi.resetModules();
afterAll(() => vi.resetModules());
const { loadSettings, platformName } = await import("../../../config.ts");
const { BlogPlatform, mackerelAgent } = await import("../../../components/index.ts");
const blog = await import("../../../components/blog/validation.ts");
const clusterDefaults = await import("../../../components/cluster/defaults.ts");
const cluster = await import("../../../components/cluster/validation.ts");
const ghostDefaults = await import("../../../components/jobs/ghost/defaults.ts");
const ghost = await import("../../../components/jobs/ghost/validation.ts");
const monitoringDefaults = await import("../../../components/jobs/monitoring/defaults.ts");
const monitoring = await import("../../../components/jobs/monitoring/validation.ts");
const nginxDefaults = await import("../../../components/jobs/nginx/defaults.ts");
const nginxTls = await import("../../../components/jobs/nginx/tls.ts");
const nginx = await import("../../../components/jobs/nginx/validation.ts");

const calls = () =>
  Object.entries({
    validateBlog: blog.validateBlog,
    validateCluster: cluster.validateCluster,
    resolveClusterArgs: clusterDefaults.resolveClusterArgs,
    validateGhost: ghost.validateGhost,
    resolveGhostSettings: ghostDefaults.resolveGhostSettings,
    validateMonitoringAgent: monitoring.validateMonitoringAgent,
    validateAgentNeeds: monitoring.validateAgentNeeds,
    resolveMonitoringAgentArgs: monitoringDefaults.resolveMonitoringAgentArgs,
    validateNginx: nginx.validateNginx,
    resolveNginxArgs: nginxDefaults.resolveNginxArgs,
    validatedTls: nginxTls.validatedTls,
  }).map(([name, spied]) => [name, vi.mocked(spied).mock.calls.length]);
const once = (names: ReturnType<typeof calls>) => names.map(([name]) => [name, 1]);

afterEach(() => vi.clearAllMocks());

const { certificate, privateKey } = await (await testAuthority()).issue("blog.example", ["blog.example"], []);

test("a stack's program validates its settings once, all the way down", async () => {
  const values: Record<string, unknown> = {
    operatorCidrs: ["192.0.2.7/32"],
    mackerelApiKey: "key",
    loadBalancer: false,
    nginxTlsCertificate: certificate,
    nginxTlsPrivateKey: privateKey,
  };
  const source = configurationOf(values);
  const resources = await declared(() => void new BlogPlatform(platformName, loadSettings(source, "sgp1")));
  const jobs = () => resources.filter(({ type }) => type === "nomad:index/job:Job");
  await vi.waitFor(() => expect(jobs()).toHaveLength(3), 15_000);
  expect(calls()).toEqual(once(calls()));
});

test("a blog of a program validates its arguments once, all the way down", async () => {
  await declared(
    () =>
      void new BlogPlatform("blog", {
        cluster: { operatorCidrs: ["192.0.2.7/32"] },
        loadBalancer: false,
        nginx: { tls: { certificate, privateKey } },
        monitoring: { agent: mackerelAgent({ roles: ["blog:nomad-cluster"] }), apiKey: "key" },
      }),
  );
  expect(calls()).toEqual(once(calls()));
});
