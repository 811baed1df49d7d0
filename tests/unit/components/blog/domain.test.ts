import { describe, expect, test } from "vitest";
import { blogWithDefaults } from "../../../../components/blog/defaults.ts";
import { blogUrl } from "../../../../components/blog/url.ts";
import { validateBlog } from "../../../../components/blog/validation.ts";
import { mackerelAgent } from "../../../../components/index.ts";
import type { BlogPlatformArgs } from "../../../../components/index.ts";

const args: BlogPlatformArgs = {
  cluster: { operatorCidrs: ["192.0.2.7/32"] },
  monitoring: { agent: mackerelAgent({ roles: ["blog:nomad-cluster"] }), apiKey: "key" },
};
/** Readers come to the nodes. */
const direct = { loadBalancer: false };
const tls = { certificate: "PEM", privateKey: "PEM" };
const paths = (changed: Partial<BlogPlatformArgs>) =>
  validateBlog("blog", { ...args, ...changed }).issues.map(({ propertyPath }) => propertyPath);

describe("a blog's name", () => {
  test.each<[string, Partial<BlogPlatformArgs>, string[]]>([
    ["a name that is a wildcard", { domain: "*.example.com" }, ["domain"]],
    ["a name that is an address", { domain: "192.0.2.7" }, ["domain"]],
    ["a name of one part", { domain: "blog" }, ["domain"]],
    ["a name in capitals", { domain: "Blog.example.com" }, ["domain"]],
    ["a name that is not in the zone", { domain: "blog.example.com", dnsZone: "other.example" }, ["dnsZone"]],
    [
      "a name that only ends like the zone",
      { domain: "blog.myexample.com", dnsZone: "example.com" },
      ["dnsZone"],
    ],
    [
      "a zone without a name in it",
      { dnsZone: "example.com", createDnsZone: true },
      ["dnsZone", "createDnsZone"],
    ],
    [
      "a name and a certificate of the account",
      { domain: "blog.example.com", loadBalancerCertificate: "c" },
      ["loadBalancerCertificate"],
    ],
    [
      "a URL that is not at the name",
      { domain: "blog.example.com", url: "https://www.example.com" },
      ["url"],
    ],
    [
      "a URL from which the load balancer redirects",
      { domain: "blog.example.com", url: "http://blog.example.com" },
      ["url"],
    ],
    [
      "https at a name without a load balancer or a certificate",
      { domain: "blog.example.com", loadBalancer: false, url: "https://blog.example.com" },
      ["url"],
    ],
    [
      "two names",
      { domain: "blog.example.com", cluster: { ...args.cluster, domain: { name: "www.example.com" } } },
      ["domain"],
    ],
    [
      "a name that would lead to a load balancer of another job",
      {
        domain: "blog.example.com",
        loadBalancer: false,
        cluster: { ...args.cluster, loadBalancer: { port: 8080, healthPath: "/" } },
      },
      ["domain"],
    ],
    [
      "a cluster's name that is none, by the cluster's own argument",
      { cluster: { ...args.cluster, domain: { name: "blog.example.com", zone: "example" } } },
      ["cluster.domain.zone"],
    ],
  ])("is refused: %s", (_, changed, expected) => {
    expect(paths(changed)).toEqual(expected);
  });

  test.each<[Partial<BlogPlatformArgs>, string | undefined]>([
    [{}, undefined],
    [{ domain: "blog.example.com" }, "https://blog.example.com"],
    [{ domain: "example.com", nginx: { httpPort: 8080 } }, "https://example.com"],
    [{ domain: "example.com", url: "https://example.com/blog" }, "https://example.com/blog"],
    [{ ...direct, domain: "blog.example.com" }, "http://blog.example.com"],
    [{ ...direct, domain: "blog.example.com", nginx: { httpPort: 8080 } }, "http://blog.example.com:8080"],
    [{ ...direct, domain: "blog.example.com", nginx: { tls } }, "https://blog.example.com"],
    [
      { ...direct, domain: "blog.example.com", nginx: { tls, httpsPort: 8443 } },
      "https://blog.example.com:8443",
    ],
  ])("%j makes the URL %j", (changed, url) => {
    expect(blogUrl(blogWithDefaults({ ...args, ...changed }))).toBe(url);
    expect(paths(changed)).toEqual([]);
  });
});
