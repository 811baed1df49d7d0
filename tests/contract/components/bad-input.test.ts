import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startDigitalOceanApi } from "../../../sandbox/digitalocean/server.ts";
import type { DigitalOceanApi } from "../../../sandbox/digitalocean/server.ts";
import { storedOnlyHypervisor } from "../../../sandbox/digitalocean/stored-only-hypervisor.ts";
import { pulumiStack } from "../../support/pulumi-stack.ts";
import type { PulumiStack } from "../../support/pulumi-stack.ts";

const token = "test-token";
const hypervisor = storedOnlyHypervisor();
let stack: PulumiStack;
let api: DigitalOceanApi;

const good = {
  "digitalocean:token": token,
  operatorCidrs: ["192.0.2.7/32"],
  mackerelApiKey: "key",
};

async function resources(): Promise<number> {
  const totals = ["droplets", "vpcs", "firewalls", "reserved_ips", "tags"].map(async (kind) => {
    const answer = await fetch(`${api.url}/v2/${kind}`, { headers: { authorization: `Bearer ${token}` } });
    return ((await answer.json()) as { meta: { total: number } }).meta.total;
  });
  return (await Promise.all(totals)).reduce((sum, total) => sum + total, 0);
}

describe("bad input, in a real `pulumi up` of the program", () => {
  beforeAll(async () => {
    stack = await pulumiStack({});
    api = await startDigitalOceanApi({
      databaseFile: path.join(stack.directory, "digitalocean.sqlite"),
      address: "127.0.0.1",
      port: 0,
      hypervisor,
      publicNetwork: { cidr: "198.18.0.0/23", gateway: "198.18.0.1" },
      tokens: [token],
      logFile: path.join(stack.directory, "requests.ndjson"),
      limits: { droplets: 4 },
    });
  });
  afterAll(async () => {
    await api.close();
    await stack.remove();
  });

  test.each<[string, Record<string, unknown>, RegExp[]]>([
    ["no API key", { mackerelApiKey: undefined }, [/nomad-digitalocean:mackerelApiKey: is missing/]],
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
      "a size that DigitalOcean does not have",
      { size: "s-3vcpu-5gb" },
      [/size: "s-3vcpu-5gb" is not a droplet size/],
    ],
    ["a region that DigitalOcean does not have", { region: "sgp9" }, [/region: "sgp9" is not a region/]],
    [
      "more nodes than the account may have",
      { clientCount: 2 },
      [/5 nodes.*do not fit: the account may have 4/],
    ],
    [
      "several at once",
      { serverCount: 2, nomadVersion: "2.0.6" },
      [/serverCount: 2 servers/, /nomadSha256: is missing/],
    ],
  ])("%s", async (_, changed, messages) => {
    const before = await resources();
    const config = { ...good, "digitalocean:apiEndpoint": api.url, ...changed };
    const { exitCode, output } = await stack.run(
      config,
      "up",
      "--yes",
      "--skip-preview",
      "--non-interactive",
    );
    expect(exitCode).not.toBe(0);
    for (const message of messages) expect(output).toMatch(message);
    expect(output).not.toMatch(/unhandled|node_modules|error serializing/i);
    expect(await resources()).toBe(before);
    expect(hypervisor.calls).toEqual([]);
  });
});
