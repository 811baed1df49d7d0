import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { testAuthority } from "../../support/certificate-authority.ts";
import { programStack } from "../../support/pulumi/program-stack.ts";
import type { ProgramStack } from "../../support/pulumi/program-stack.ts";

let stack: ProgramStack;

const authority = await testAuthority();
const one = await authority.issue("blog.example.com", ["blog.example.com"], []);
const other = await authority.issue("blog.example.com", ["blog.example.com"], []);

async function resources(): Promise<number> {
  const totals = ["droplets", "vpcs", "firewalls", "reserved_ips", "tags", "volumes"].map(async (kind) => {
    const { status, body } = await stack.emulator.call<{ meta: { total: number } }>("GET", `/v2/${kind}`);
    expect(status, JSON.stringify(body)).toBe(200);
    return body.meta.total;
  });
  return (await Promise.all(totals)).reduce((sum, total) => sum + total, 0);
}

describe("bad input, in a real `pulumi up` of the program", () => {
  beforeAll(async () => {
    // On a quick machine all these updates ask more than 250 times a minute.
    stack = await programStack({ limits: { droplets: 4 }, rateLimit: { perMinute: 1000 } });
  });
  afterAll(() => stack.remove());

  test.each<[string, Record<string, unknown>, RegExp[]]>([
    ["no API key", { mackerelApiKey: undefined }, [/nomad-digitalocean:mackerelApiKey: is missing/]],
    [
      "a misspelt setting",
      { ghostmemory: 640 },
      [/nomad-digitalocean:ghostmemory: is not a setting; did you mean ghostMemory\?/],
    ],
    ["two servers", { serverCount: 2 }, [/nomad-digitalocean:serverCount: 2 servers/]],
    [
      "a role that is not service:role",
      { mackerelRoles: ["cluster"] },
      [/mackerelRoles\[0\]: "cluster" is not/],
    ],
    ["a range that is too small", { vpcIpRange: "10.0.0.0/29" }, [/vpcIpRange: "10\.0\.0\.0\/29" is a \/29/]],
    [
      "a range that is not private",
      { vpcIpRange: "8.8.0.0/20" },
      [/vpcIpRange: "8\.8\.0\.0\/20" is not private/],
    ],
    [
      "the Internet as operator",
      { operatorCidrs: ["0.0.0.0/0"] },
      [/operatorCidrs\[0\]: .*allowOperatorsFromAnywhere/],
    ],
    ["a Nomad version without sha256", { nomadVersion: "2.0.6" }, [/nomadSha256: is missing/]],
    [
      "a region that DigitalOcean does not have",
      { region: "sgp9" },
      [/nomad-digitalocean:region: "sgp9" is not a region/],
    ],
    [
      "more nodes than the account may have",
      { clientCount: 2 },
      [/nomad-digitalocean:serverCount: 5 nodes.*do not fit: the account may have 4/],
    ],
    [
      "a blog URL that is none",
      { blogUrl: "blog.example.com" },
      [/blogUrl: "blog\.example\.com" is not an http/],
    ],
    ["two uses of one static port", { nginxHttpsPort: 80 }, [/nginxHttpsPort: 80 is/]],
    [
      "memory that no node has",
      { ghostMemory: 8192 },
      [/nomad-digitalocean:size: "s-2vcpu-4gb" has 3584 MiB a node for jobs and they need 8416 MiB/],
    ],
    [
      "a certificate that does not match its key",
      {
        ...{ loadBalancer: false, nginxTlsCertificate: one.certificate },
        nginxTlsPrivateKey: other.privateKey,
      },
      [/nomad-digitalocean:nginxTlsCertificate: "CN=blog\.example\.com" was issued for another private key/],
    ],
    [
      "a size, an image, SSH keys and a range that the account does not have",
      { size: "s-3vcpu-5gb", image: "debian-12-x46", sshKeys: ["not a key"], vpcIpRange: "10.104.8.0/21" },
      [
        /nomad-digitalocean:size: "s-3vcpu-5gb" is not a droplet size/,
        /nomad-digitalocean:image: "debian-12-x46" is not an image.*debian-12-x64, debian-13-x64/,
        /nomad-digitalocean:sshKeys: "not a key" is the id or MD5 fingerprint of no SSH key/,
        /nomad-digitalocean:vpcIpRange: "10\.104\.8\.0\/21" overlaps with 10\.104\.0\.0\/20 of the VPC default-sgp1 in sgp1/,
      ],
    ],
    [
      "several at once",
      { serverCount: 2, nomadVersion: "2.0.6" },
      [/serverCount: 2 servers/, /nomadSha256: is missing/],
    ],
  ])("%s", async (_, changed, messages) => {
    const before = await resources();
    const { exitCode, output } = await stack.run(
      changed,
      "up",
      "--yes",
      "--skip-preview",
      "--non-interactive",
    );
    expect(exitCode).not.toBe(0);
    for (const message of messages) expect(output).toMatch(message);
    expect(output).not.toMatch(/unhandled|node_modules|error serializing/i);
    expect(await resources()).toBe(before);
    expect(stack.emulator.hypervisor.calls).toEqual([]);
  });

  test("what an interrupted update left in the account is found in the preview", async () => {
    const volume = { name: "nomad-test-blog-content", region: "sgp1", size_gigabytes: 1 };
    await stack.emulator.call("POST", "/v2/volumes", volume);
    await stack.emulator.call("POST", "/v2/reserved_ips", { region: "sgp1" });
    await stack.emulator.call("POST", "/v2/vpcs", { name: "nomad-test", region: "sgp1" });
    const inboundRules = [{ protocol: "tcp", ports: "22", sources: { addresses: ["192.0.2.7/32"] } }];
    const firewall = { name: "nomad-test", inbound_rules: inboundRules };
    await stack.emulator.call("POST", "/v2/firewalls", firewall);
    const before = await resources();
    const { exitCode, output } = await stack.run({}, "preview", "--non-interactive");
    expect(exitCode).not.toBe(0);
    expect(output).toMatch(
      /nomad-digitalocean:clusterName: sgp1 has a volume nomad-test-blog-content already, which this stack does not know/,
    );
    expect(output).toMatch(
      /nomad-digitalocean:serverCount: 3 more reserved addresses are needed.* has 1; .*reserved-ip delete/,
    );
    expect(output).toMatch(/clusterName: the account has a VPC "nomad-test" already.*`doctl vpcs delete/);
    expect(output).toMatch(/clusterName: the account has a firewall .*`doctl compute firewall delete/);
    expect(output).toMatch(/warning: .* lead to no droplet .*`doctl compute reserved-ip delete/);
    expect(output).not.toMatch(/unhandled|node_modules|error serializing/i);
    expect(await resources()).toBe(before);
  });
});
