import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { staticPortChecks, validateBlog } from "../../../../components/blog/validation.ts";
import { mackerelAgent, nodeExporterAgent } from "../../../../components/index.ts";
import type { BlogPlatformArgs } from "../../../../components/index.ts";
import { issuesOf } from "../../../../components/validation.ts";

const agent = mackerelAgent({ roles: ["blog:nomad-cluster"] });
const args: BlogPlatformArgs = {
  cluster: { operatorCidrs: ["192.0.2.7/32"] },
  monitoring: { agent, apiKey: "key" },
};
const tls = { certificate: "PEM", privateKey: "PEM" };
const https = "https://blog.example.com";
const certificate = "loadBalancerCertificate";
const paths = (changed: Partial<BlogPlatformArgs>) =>
  validateBlog("blog", { ...args, ...changed }).issues.map(({ propertyPath }) => propertyPath);
const clusterArgs = (given: BlogPlatformArgs) => validateBlog("blog", given).resolved.cluster.args;

describe("a blog platform's arguments", () => {
  test("need only the operators' addresses and an agent with its key", () => {
    expect(paths({})).toEqual([]);
  });

  test.each<[string, Partial<BlogPlatformArgs>, string[]]>([
    ["a blog URL that is none", { url: "blog.example.com" }, ["url"]],
    ["https without a certificate", { url: "https://blog.example.com" }, ["url"]],
    ["https in capitals without a certificate", { url: "HTTPS://blog.example.com" }, ["url"]],
    ["a load balancer before a certificate", { nginx: { tls } }, ["loadBalancer"]],
    [
      "a certificate without a load balancer",
      { url: https, loadBalancer: false, loadBalancerCertificate: "c" },
      [certificate],
    ],
    ["a certificate for a blog without https", { loadBalancerCertificate: "c" }, [certificate]],
    ["a certificate without a name", { url: https, loadBalancerCertificate: "" }, [certificate]],
    [
      "two load balancers",
      { cluster: { ...args.cluster, loadBalancer: { port: 8080, healthPath: "/" } } },
      ["loadBalancer"],
    ],
    [
      "nginx's port open to everyone past the load balancer",
      { cluster: { ...args.cluster, publicPorts: [80] } },
      ["nginx.httpPort"],
    ],
    ["a load balancer before Nomad's own port", { nginx: { httpPort: 4646 } }, ["nginx.httpPort"]],
    [
      "a load balancer's port that is public, and a health page that is no path",
      {
        loadBalancer: false,
        cluster: { ...args.cluster, publicPorts: [8080], loadBalancer: { port: 8080, healthPath: "health" } },
      },
      ["cluster.loadBalancer.port", "cluster.loadBalancer.healthPath"],
    ],
    ["two jobs of one id", { ghost: { jobId: "blog" }, nginx: { jobId: "blog" } }, ["nginx.jobId"]],
    ["nginx under Ghost's id", { nginx: { jobId: "ghost" } }, ["nginx.jobId"]],
    ["Ghost under the agent's id", { ghost: { jobId: agent.name } }, ["monitoring.agent.name"]],
    ["nginx on Nomad's own port", { loadBalancer: false, nginx: { httpPort: 4646 } }, ["nginx.httpPort"]],
    [
      "an agent on nginx's port",
      { monitoring: { ...args.monitoring, agent: { ...agent, ports: { metrics: 80 } } } },
      ["monitoring.agent.ports.metrics"],
    ],
    [
      "an agent on nginx's port for TLS",
      {
        loadBalancer: false,
        nginx: { tls },
        monitoring: { ...args.monitoring, agent: { ...agent, ports: { metrics: 443 } } },
      },
      ["monitoring.agent.ports.metrics"],
    ],
    ["an agent that needs a key without one", { monitoring: { agent } }, ["monitoring.apiKey"]],
    [
      "an agent whose host volume the cluster does not offer",
      { monitoring: { agent: nodeExporterAgent() } },
      ["monitoring.agent.hostVolumes[0]"],
    ],
    [
      "an agent in a namespace that the cluster does not have",
      { monitoring: { ...args.monitoring, namespace: "watch" } },
      ["monitoring.namespace"],
    ],
    ["more of nginx than nodes", { nginx: { type: "service", count: 4 } }, ["nginx.count"]],
    ["a count of a system job", { nginx: { type: "system", count: 3 } }, ["nginx.count"]],
    [
      "administrators from everywhere, because operators are",
      { cluster: { operatorCidrs: ["0.0.0.0/0"], allowOperatorsFromAnywhere: true } },
      ["nginx.adminCidrs"],
    ],
    [
      "operators that are no range, once",
      { cluster: { operatorCidrs: ["192.0.2.7"] } },
      ["cluster.operatorCidrs[0]"],
    ],
    ["administrators that are no range", { nginx: { adminCidrs: ["192.0.2.7"] } }, ["nginx.adminCidrs[0]"]],
    ["a volume on a slot that is not there", { contentSlot: "client-1" }, ["contentSlot"]],
    ["a volume of no size", { contentSize: 0 }, ["contentSize"]],
    [
      "another volume of no size, by the caller's own index",
      { cluster: { ...args.cluster, volumes: [{ name: "data", slot: "server-1", size: 0 }] } },
      ["cluster.volumes[0].size"],
    ],
    [
      "another public port that is none, by the caller's own index",
      { cluster: { ...args.cluster, publicPorts: [8080, 0] } },
      ["cluster.publicPorts[1]"],
    ],
    [
      "several at once",
      { url: "blog", ghost: { image: "ghost" }, cluster: { operatorCidrs: [], serverCount: 2 } },
      ["cluster.serverCount", "cluster.operatorCidrs", "url", "ghost.image"],
    ],
  ])("refuse %s", (_, changed, expected) => {
    expect(paths(changed)).toEqual(expected);
  });

  test("take the operators for administrators, unless others are named", () => {
    const admins = (changed: Partial<BlogPlatformArgs>) =>
      validateBlog("blog", { ...args, ...changed }).resolved.nginx.adminCidrs;
    expect(admins({})).toEqual(["192.0.2.7/32"]);
    expect(admins({ nginx: { adminCidrs: ["198.51.100.0/24"] } })).toEqual(["198.51.100.0/24"]);
    expect(admins({ nginx: { adminCidrs: [] } })).toEqual([]);
  });

  test("take https at a load balancer that has a certificate", () => {
    expect(paths({ url: https, loadBalancerCertificate: "c" })).toEqual([]);
  });

  test("take a certificate of one's own in nginx without a load balancer", () => {
    expect(paths({ url: https, loadBalancer: false, nginx: { tls } })).toEqual([]);
  });

  test("take https without a certificate behind a proxy that has one", () => {
    const nginx = { trustedProxies: ["192.0.2.0/24"] };
    expect(paths({ url: "https://blog.example.com", nginx })).toEqual([]);
  });

  test("take administrators from everywhere if that is said", () => {
    const cluster = { operatorCidrs: ["0.0.0.0/0"], allowOperatorsFromAnywhere: true };
    expect(paths({ cluster, nginx: { allowAdminFromAnywhere: true } })).toEqual([]);
    expect(paths({ cluster, nginx: { adminCidrs: ["192.0.2.7/32"] } })).toEqual([]);
  });

  test("take an agent whose host volume and namespace the cluster has", () => {
    const hostVolumes = [{ name: "host-root", path: "/", readOnly: true }];
    const cluster = { ...args.cluster, hostVolumes, namespaces: ["watch"] };
    expect(paths({ cluster, monitoring: { agent: nodeExporterAgent(), namespace: "watch" } })).toEqual([]);
  });

  test("take an agent on the port for TLS where nginx has none", () => {
    const monitoring = { ...args.monitoring, agent: { ...agent, ports: { metrics: 443 } } };
    expect(paths({ monitoring })).toEqual([]);
  });
});

describe("the blog's cluster", () => {
  test("has the volume, the ports that nginx answers on and a node's memory for one of each job", () => {
    const nginx = { tls, memory: 100 };
    expect(clusterArgs({ ...args, loadBalancer: false, ghost: { memory: 1000 }, nginx })).toMatchObject({
      operatorCidrs: ["192.0.2.7/32"],
      volumes: [{ name: "blog-content", slot: "server-1", size: 10 }],
      publicPorts: [80, 443],
      memoryForJobs: 1000 + 100 + agent.memory,
    });
  });
  test("keeps what the caller asked for beside it", () => {
    const volume = { name: "data", slot: "server-2", size: 5 };
    const cluster = { ...args.cluster, volumes: [volume], publicPorts: [8080], memoryForJobs: 1000 };
    const wanted = clusterArgs({ ...args, cluster });
    expect(wanted.volumes).toContainEqual(volume);
    expect(wanted.publicPorts).toEqual([8080]);
    expect(clusterArgs({ ...args, cluster, loadBalancer: false }).publicPorts).toEqual([8080, 80]);
    expect(wanted.memoryForJobs).toBeGreaterThan(1000);
  });
});

test("static ports: every second user of a port is named, with the first", () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 5000, max: 5005 }), { maxLength: 10 }), (ports) => {
      const found = issuesOf(
        staticPortChecks(Object.fromEntries(ports.map((port, index) => [`job${index}`, port]))),
      );
      expect(found).toHaveLength(ports.length - new Set(ports).size);
      for (const { propertyPath, reason } of found) expect(reason).not.toContain(propertyPath);
    }),
  );
});
