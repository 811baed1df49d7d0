import { describe, expect, test } from "vitest";
import { BlogPlatform, mackerelAgent } from "../../../components/index.ts";
import type { ApiJob, BlogPlatformArgs } from "../../../components/index.ts";
import { validateBlog } from "../../../components/blog/validation.ts";
import { milliseconds } from "../../../components/duration.ts";
import { noticeSeconds } from "../../../components/network/load-balancer.ts";
import type { HealthCheckTimes } from "../../../components/network/load-balancer.ts";
import { declared, plain } from "../../support/pulumi/mocked-program.ts";

const blog = {
  cluster: { operatorCidrs: ["192.0.2.7/32"], clusterName: "nomad-test" },
  monitoring: { agent: mackerelAgent({ roles: ["lorentzca:nomad-cluster"] }), apiKey: "key" },
  nginx: { httpPort: 8080 },
};
const resources = await declared(() => {
  new BlogPlatform("blog", blog);
});
const ofType = (type: string) =>
  resources.filter((resource) => resource.type.endsWith(`:${type}`)).map(({ inputs }) => inputs);
const jobs = () =>
  ofType("Job").map((inputs) => (JSON.parse(inputs["jobspec"] as string) as { Job: ApiJob }).Job);

describe("a blog behind a load balancer", () => {
  test("has one before nginx on every node that has the cluster's tag, by nginx's own health page", () => {
    expect(ofType("LoadBalancer")).toMatchObject([
      {
        name: "nomad-test",
        region: "sgp1",
        vpcUuid: "blog-cluster-network-vpc-id",
        dropletTag: "nomad-cluster-nomad-test",
        forwardingRules: [{ entryProtocol: "http", entryPort: 80, targetProtocol: "http", targetPort: 8080 }],
        healthcheck: { protocol: "http", port: 8080, path: "/nginx-health" },
      },
    ]);
  });

  test("has no port of a node open to everyone, and nginx's to the load balancer", () => {
    const rules = ofType("Firewall")[0]!["inboundRules"] as Record<string, unknown>[];
    expect(rules.filter(({ portRange }) => portRange === "8080")).toEqual([
      {
        protocol: "tcp",
        portRange: "8080",
        sourceLoadBalancerUids: ["blog-cluster-network-load-balancer-id"],
      },
    ]);
    expect(JSON.stringify(rules)).not.toContain("0.0.0.0/0");
  });

  test("believes the load balancer, in its VPC, what it says of a client", () => {
    const items = ofType("Variable").map((inputs) => JSON.stringify(plain(inputs["items"])));
    expect(items.filter((text) => text.includes("set_real_ip_from 10.104.16.0/20;"))).toHaveLength(1);
  });

  test("has nginx go on, when it is to end, for longer than the load balancer takes to notice", () => {
    const { healthcheck } = ofType("LoadBalancer")[0]! as unknown as { healthcheck: HealthCheckTimes };
    const shutdownDelay = (nginx: object) =>
      milliseconds(validateBlog("blog", { ...blog, nginx }).resolved.nginx.shutdownDelay) / 1000;
    expect(shutdownDelay({})).toBeGreaterThan(noticeSeconds(healthcheck) + 5);
    expect(shutdownDelay({ shutdownDelay: "30s" })).toBe(30);
    const nginx = jobs().find(({ ID }) => ID === "nginx")!;
    expect(nginx.TaskGroups[0]!.ShutdownDelay).toBe(shutdownDelay({}) * 1e9);
    expect(validateBlog("blog", { ...blog, loadBalancer: false }).resolved.nginx.shutdownDelay).toBe("0s");
  });

  test.each<[HealthCheckTimes, number]>([
    [{ checkIntervalSeconds: 3, responseTimeoutSeconds: 3, unhealthyThreshold: 2, healthyThreshold: 2 }, 12],
    [{ checkIntervalSeconds: 10, responseTimeoutSeconds: 5, unhealthyThreshold: 3, healthyThreshold: 5 }, 75],
    [{ checkIntervalSeconds: 3, responseTimeoutSeconds: 3, unhealthyThreshold: 4, healthyThreshold: 2 }, 24],
  ])("with the checks %j is noticed within %i s", (times, seconds) => {
    expect(noticeSeconds(times)).toBe(seconds);
  });

  test("has it answer https with a certificate, and redirect to it", async () => {
    const certificate = { url: "https://blog.example.com", loadBalancerCertificate: "blog" };
    const secured = await declared(() => void new BlogPlatform("secure", { ...blog, ...certificate }));
    expect(secured.find(({ type }) => type.endsWith(":LoadBalancer"))!.inputs).toMatchObject({
      forwardingRules: [
        { entryProtocol: "http", entryPort: 80, targetProtocol: "http", targetPort: 8080 },
        {
          ...{ entryProtocol: "https", entryPort: 443, targetProtocol: "http", targetPort: 8080 },
          certificateName: "blog",
        },
      ],
      redirectHttpToHttps: true,
    });
    expect(ofType("LoadBalancer")[0]).not.toHaveProperty("redirectHttpToHttps");
  });

  const addressed = async (changed: Partial<BlogPlatformArgs>) => {
    const all = await declared(() => void new BlogPlatform("named", { ...blog, ...changed }));
    return (type: string) => all.filter((one) => one.type.endsWith(`:${type}`)).map(({ inputs }) => inputs);
  };

  test("has it answer https at its own name with a certificate of Let's Encrypt", async () => {
    const named = await addressed({ domain: "blog.example.com", createDnsZone: true });
    expect(named("Domain")).toEqual([{ name: "example.com" }]);
    const certificateName = "nomad-test-blog-example-com";
    expect(named("Certificate")).toEqual([
      { name: certificateName, type: "lets_encrypt", domains: ["blog.example.com"] },
    ]);
    expect(named("LoadBalancer")).toMatchObject([
      {
        forwardingRules: [{ entryPort: 80 }, { entryPort: 443, certificateName }],
        redirectHttpToHttps: true,
        disableLetsEncryptDnsRecords: true,
      },
    ]);
    const record = { domain: "example.com", type: "A", name: "blog", value: "192.0.2.80" };
    expect(named("DnsRecord")).toMatchObject([record]);
    expect(JSON.stringify(named("Job"))).toContain("https://blog.example.com");
  });

  test("asks for the certificate once the domain is there", async () => {
    const all = await declared(
      () => void new BlogPlatform("named", { ...blog, domain: "blog.example.com", createDnsZone: true }),
    );
    const after = (type: string) => all.find((one) => one.type.endsWith(`:${type}`))!.dependsOn;
    expect(after("Certificate")).toContain("named-cluster-network-zone");
    expect(after("LoadBalancer")).toContain("named-cluster-network-certificate");
  });

  test("has nginx's port open to everyone without one, and is at the first server's address", async () => {
    const direct = await addressed({ loadBalancer: false });
    expect(direct("LoadBalancer")).toEqual([]);
    expect(direct("Firewall")[0]!["inboundRules"]).toContainEqual({
      ...{ protocol: "tcp", portRange: "8080", sourceAddresses: ["0.0.0.0/0", "::/0"] },
    });
    expect(JSON.stringify(direct("Job"))).toContain("http://192.0.2.11:8080");
  });

  test("has the servers' addresses under its name without one, in a domain of the account, and no certificate", async () => {
    const named = await addressed({ domain: "blog.example.com", loadBalancer: false });
    expect([...named("Domain"), ...named("Certificate"), ...named("LoadBalancer")]).toEqual([]);
    expect(named("DnsRecord")).toMatchObject(
      ["192.0.2.11", "192.0.2.12", "192.0.2.13"].map((value) => ({
        ...{ domain: "example.com", type: "A", name: "blog", value },
      })),
    );
    expect(JSON.stringify(named("Job"))).toContain("http://blog.example.com:8080");
  });

  test("is found at the load balancer's address", () => {
    const ghost = jobs().find(({ ID }) => ID === "ghost")!;
    expect(JSON.stringify(ghost)).toContain('"url":"http://192.0.2.80"');
  });
});
