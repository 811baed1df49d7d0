import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { testAuthority } from "../../../support/certificate-authority.ts";
import { findPulumi, pulumiWorkspace } from "../../../support/pulumi/workspace.ts";
import type { PulumiWorkspace } from "../../../support/pulumi/workspace.ts";
import { startEmulator, token } from "../../../support/digitalocean-emulator.ts";
import type { TestEmulator } from "../../../support/digitalocean-emulator.ts";

const pulumi = findPulumi();

interface Wanted {
  readonly port?: number;
  readonly ttl?: number;
  readonly pem: { readonly certificate: string; readonly privateKey: string };
}

const program = ({ port = 8080, ttl = 60, pem }: Wanted) => `
  import * as digitalocean from "@pulumi/digitalocean";
  import * as pulumi from "@pulumi/pulumi";
  const vpc = new digitalocean.Vpc("blog", { region: "sgp1", ipRange: "10.20.0.0/24" });
  const tag = new digitalocean.Tag("web", { name: "web" });
  const certificate = new digitalocean.Certificate("blog", {
    type: "custom",
    leafCertificate: ${JSON.stringify(pem.certificate)},
    privateKey: ${JSON.stringify(pem.privateKey)},
  });
  const balancer = new digitalocean.LoadBalancer("blog", {
    region: "sgp1", vpcUuid: vpc.id, dropletTag: tag.name, redirectHttpToHttps: true,
    forwardingRules: [
      { entryProtocol: "http", entryPort: 80, targetProtocol: "http", targetPort: ${port} },
      {
        entryProtocol: "https", entryPort: 443, targetProtocol: "http", targetPort: ${port},
        certificateName: certificate.name,
      },
    ],
    healthcheck: { protocol: "http", port: ${port}, path: "/health" },
  });
  new digitalocean.Firewall("web", {
    tags: [tag.name],
    inboundRules: [{ protocol: "tcp", portRange: "${port}", sourceLoadBalancerUids: [balancer.id] }],
  });
  const zone = new digitalocean.Domain("zone", { name: "example.com" });
  new digitalocean.DnsRecord("blog", {
    domain: zone.name, type: "A", name: "blog", value: balancer.ip, ttl: ${ttl},
  });
  new digitalocean.DnsRecord("mail", {
    domain: zone.id, type: "MX", name: "@", value: "mail.example.com.", priority: 10,
  });
  export const ip = balancer.ip;
`;

describe.skipIf(pulumi === undefined)(
  "a front door by the digitalocean stand-in (needs pulumi on PATH)",
  () => {
    let emulator: TestEmulator;
    let workspace: PulumiWorkspace;
    let pem: Wanted["pem"];
    let renewed: Wanted["pem"];

    beforeAll(async () => {
      const authority = await testAuthority();
      pem = await authority.issue("blog", ["blog.example.com"], []);
      renewed = await authority.issue("blog", ["blog.example.com"], []);
      emulator = await startEmulator({ rateLimit: { perMinute: 5000 } });
      workspace = await pulumiWorkspace(pulumi ?? "", {
        DIGITALOCEAN_TOKEN: token,
        DIGITALOCEAN_API_URL: emulator.url,
      });
    });
    afterAll(async () => {
      await workspace.remove();
      await emulator.close();
    });

    const update = async (wanted: Wanted, more = "") => {
      await workspace.program(program(wanted) + more);
      const { output } = await workspace.pulumi("up", "--yes", "--skip-preview");
      return output;
    };
    const listed = async (kind: string) =>
      (await emulator.call<Record<string, object[]>>("GET", `/v2/${kind}`)).body[kind];
    const balancer = () => [...emulator.hypervisor.loadBalancers.values()][0];
    /** The official plugin sends rules in an order of its own. */
    const ruleOf = (port: number) => balancer()?.forwardingRules.find(({ entryPort }) => entryPort === port);

    test("is created, and waited for until it has its address", async () => {
      const output = await update({ pem });
      expect(output).toContain("9 created");
      expect(output).toContain(`"${balancer()?.publicAddress}"`);
      expect(balancer()?.redirectHttpToHttps).toBe(true);
      expect(ruleOf(80)).toMatchObject({ targetPort: 8080 });
      expect(ruleOf(443)?.certificate?.privateKey).toBe(pem.privateKey);
    });

    test("finds nothing to do the second time, with what is there read again", async () => {
      const preview = await workspace.pulumi("preview", "--refresh", "--expect-no-changes", "--diff");
      expect(preview.output).not.toContain("to update");
      expect(preview.exitCode).toBe(0);
    });

    test("changes ports and times to live in place, and keeps the key a secret", async () => {
      await workspace.program(program({ pem, port: 8081, ttl: 90 }));
      const preview = await workspace.pulumi("preview", "--diff");
      expect(preview.output).toContain("~ 3 to update");
      expect(preview.output).not.toContain("PRIVATE KEY");
      expect(await update({ pem, port: 8081, ttl: 90 })).toContain("3 updated");
      await vi.waitFor(() => expect(ruleOf(80)?.targetPort).toBe(8081));
      expect(balancer()?.healthCheck.port).toBe(8081);
    });

    test("gives the load balancer another certificate before the old one goes, and imports a record", async () => {
      const found = { type: "TXT", name: "found", data: "text" };
      const { body } = await emulator.call<{ domain_record: { id: number } }>(
        ...(["POST", "/v2/domains/example.com/records", found] as const),
      );
      const imported = `new digitalocean.DnsRecord("found",
      { domain: "example.com", type: "TXT", name: "found", value: "text", ttl: 1800 },
      { import: "example.com,${body.domain_record.id}" });`;
      const output = await update({ pem: renewed, port: 8081, ttl: 90 }, imported);
      expect(output).toContain("1 replaced");
      expect(output).toContain("1 imported");
      await vi.waitFor(() => expect(ruleOf(443)?.certificate?.privateKey).toBe(renewed.privateKey));
      expect(await listed("certificates")).toHaveLength(1);
    });

    test("is destroyed, the certificate after the load balancer that has it", async () => {
      expect((await workspace.pulumi("destroy", "--yes", "--skip-preview")).output).toContain("10 deleted");
      expect([await listed("load_balancers"), await listed("certificates")]).toEqual([[], []]);
    });
  },
);
