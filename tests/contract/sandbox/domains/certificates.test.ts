import { X509Certificate } from "node:crypto";
import { Resolver } from "node:dns/promises";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { DomainRecord } from "../../../../emulators/digitalocean/index.ts";
import { PebbleIssuer } from "../../../../sandbox/domains/certificate-issuer.ts";
import { startDnsServer } from "../../../../sandbox/domains/dns-server.ts";
import type { Service } from "../../../../sandbox/mirrors/service-process.ts";
import { programOnPath } from "../../../../sandbox/tools/machine-facts.ts";
import { startEmulator, token } from "../../../support/digitalocean-emulator.ts";
import type { TestEmulator } from "../../../support/digitalocean-emulator.ts";
import { freePort } from "../../../support/nomad/dev-agent.ts";
import { findPulumi, pulumiWorkspace } from "../../../support/pulumi/workspace.ts";
import type { PulumiWorkspace } from "../../../support/pulumi/workspace.ts";

const pulumi = findPulumi();
const pebble = await programOnPath("pebble");
const missing = [pulumi ?? "pulumi", pebble ?? "pebble"].filter((name) => !name.includes("/"));

const network = pathToFileURL(
  path.resolve(import.meta.dirname, "../../../../components/network/cluster-network.ts"),
);
const program = (domain?: { readonly name: string; readonly createZone: boolean }) => `
  const { ClusterNetwork } = await import("${network.href}");
  new ClusterNetwork("network", {
    region: "sgp1", clusterName: "blog", operatorCidrs: ["192.0.2.7/32"], opensSsh: false, publicPorts: [],
    loadBalancer: { port: 8080, healthPath: "/health" }, reservedAddressSlots: ["server-1"],
    ${domain ? `domain: ${JSON.stringify({ ...domain, zone: "example.com" })},` : ""}
  });
`;

interface Certificate {
  readonly name: string;
  readonly state: string;
  readonly dns_names: readonly string[];
}

describe.skipIf(missing.length > 0)(
  `a name's certificate (needs ${missing.join(", ") || "nothing more"})`,
  () => {
    let folder: string;
    let records: () => readonly DomainRecord[] = () => [];
    let issuer: PebbleIssuer;
    let dns: Service;
    let emulator: TestEmulator;
    let workspace: PulumiWorkspace;
    const resolver = new Resolver();

    beforeAll(async () => {
      folder = await mkdtemp(path.join(os.tmpdir(), "certificates-"));
      const address = "127.0.0.1";
      dns = await startDnsServer({
        ...{ address, port: 0, log: () => {} },
        records: () => issuer.records(),
      });
      const dnsServer = dns.url.replace("dns://", "");
      issuer = new PebbleIssuer({
        ...{ directory: path.join(folder, "pebble"), rootsFile: path.join(folder, "roots.pem") },
        ...{ logFile: path.join(folder, "pebble.log"), address, dnsServer },
        ports: { acme: await freePort(), management: await freePort() },
        records: () => records(),
      });
      resolver.setServers([dnsServer]);
      emulator = await startEmulator({ certificateIssuer: issuer, rateLimit: { perMinute: 5000 } });
      records = () => emulator.records();
      workspace = await pulumiWorkspace(pulumi ?? "", {
        ...{ DIGITALOCEAN_TOKEN: token, DIGITALOCEAN_API_URL: emulator.url },
      });
    });
    afterAll(async () => {
      await workspace.remove();
      await emulator.close();
      await issuer.close();
      await dns.close();
      await rm(folder, { recursive: true });
    });

    const update = async (...domain: Parameters<typeof program>) => {
      await workspace.program(program(...domain));
      return await workspace.pulumi("up", "--yes", "--skip-preview");
    };
    const certificates = async () =>
      (await emulator.call<{ certificates: Certificate[] }>("GET", "/v2/certificates")).body.certificates;
    const shown = () =>
      [...emulator.hypervisor.loadBalancers.values()][0]?.forwardingRules.find(
        ({ entryPort }) => entryPort === 443,
      )?.certificate;

    test("is issued after a real validation, is shown by the load balancer, and the name leads there", async () => {
      const { exitCode, output } = await update({ name: "blog.example.com", createZone: true });
      expect(exitCode, output).toBe(0);
      expect(await certificates()).toMatchObject([{ name: "blog-blog-example-com", state: "verified" }]);
      await expect.poll(shown).toBeDefined();
      const [balancer] = emulator.hypervisor.loadBalancers.values();
      expect(await resolver.resolve4("blog.example.com")).toEqual([balancer!.publicAddress]);

      const leaf = new X509Certificate(shown()!.leafCertificate);
      expect(leaf.checkHost("blog.example.com")).toBe("blog.example.com");
      const intermediate = new X509Certificate(shown()!.certificateChain);
      const root = new X509Certificate(await readFile(path.join(folder, "roots.pem")));
      expect([leaf.verify(intermediate.publicKey), intermediate.verify(root.publicKey)]).toEqual([
        true,
        true,
      ]);
    });

    test("finds nothing to do the second time, with what is there read again", async () => {
      const { exitCode, output } = await workspace.pulumi(
        "preview",
        "--refresh",
        "--expect-no-changes",
        "--diff",
      );
      expect(exitCode, output).toBe(0);
    });

    test("of another name is there before the old one goes", async () => {
      const { exitCode, output } = await update({ name: "www.example.com", createZone: true });
      expect(exitCode, output).toBe(0);
      expect((await certificates()).map(({ name }) => name)).toEqual(["blog-www-example-com"]);
      await expect
        .poll(() => new X509Certificate(shown()!.leafCertificate).subjectAltName)
        .toBe("DNS:www.example.com");
      await expect(resolver.resolve4("blog.example.com")).rejects.toThrow("ENOTFOUND");
    });

    test("is not issued when the name servers do not have the proof", async () => {
      const known = records;
      // The zone's delegation leads elsewhere: the domain is in the account, and nobody asks DigitalOcean for it.
      records = () => [];
      const order = { name: "shop", type: "lets_encrypt", dns_names: ["shop.example.com"] };
      const { status } = await emulator.call("POST", "/v2/certificates", order);
      expect(status).toBe(201);
      const state = async () => (await certificates()).find(({ name }) => name === "shop")?.state;
      await expect.poll(state, { timeout: 20_000 }).toBe("error");
      records = known;
    });
  },
);
