import { X509Certificate } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { findPulumi, pulumiWorkspace } from "../../../support/pulumi/workspace.ts";
import type { PulumiWorkspace } from "../../../support/pulumi/workspace.ts";

const pulumi = findPulumi();

const program = (hours: number, keeper: string) => `
  import * as random from "@pulumi/random";
  import * as tls from "@pulumi/tls";
  const gossip = new random.RandomPassword("gossip", { length: 64, upper: false, special: false, keepers: { keeper: "${keeper}" } });
  const caKey = new tls.PrivateKey("ca", { algorithm: "ECDSA", ecdsaCurve: "P256" });
  const ca = new tls.SelfSignedCert("ca", {
    privateKeyPem: caKey.privateKeyPem, isCaCertificate: true, validityPeriodHours: 100, setSubjectKeyId: true,
    allowedUses: ["cert_signing", "crl_signing"], subject: { commonName: "Nomad CA", organization: "Blog" },
  });
  const key = new tls.PrivateKey("node", { algorithm: "ECDSA", ecdsaCurve: "P384" });
  const request = new tls.CertRequest("node", {
    privateKeyPem: key.privateKeyPem, subject: { commonName: "server.global.nomad" },
    dnsNames: ["server.global.nomad", "localhost"], ipAddresses: ["192.0.2.1"],
  });
  const node = new tls.LocallySignedCert("node", {
    certRequestPem: request.certRequestPem, caCertPem: ca.certPem, caPrivateKeyPem: caKey.privateKeyPem,
    validityPeriodHours: ${hours}, allowedUses: ["server_auth", "client_auth", "digital_signature"],
  });
  export const caPem = ca.certPem;
  export const nodePem = node.certPem;
  export const gossipKey = gossip.result;
`;

describe.skipIf(pulumi === undefined)("the random and tls stand-ins (need pulumi on PATH)", () => {
  let workspace: PulumiWorkspace;
  let caPem: string;

  const output = async (type: string, name: string, property: string) => {
    const resources = (await workspace.state()).resources;
    const found = resources.find((resource) => resource.type === type && resource.urn.endsWith(`::${name}`));
    return found?.outputs?.[property];
  };

  beforeAll(async () => {
    workspace = await pulumiWorkspace(pulumi ?? "");
    await workspace.program(program(50, "1"));
  });
  afterAll(() => workspace.remove());

  test("previews without values and creates a chain that verifies", async () => {
    const preview = await workspace.pulumi("preview");
    expect(preview.output).toContain("+ 7 to create");
    const up = await workspace.pulumi("up", "--yes", "--skip-preview");
    expect(up.output).toContain("7 created");
    expect(up.output).toMatch(/gossipKey *: \[secret\]/);
    const authority = new X509Certificate(
      String((await workspace.pulumi("stack", "output", "caPem")).stdout),
    );
    const node = new X509Certificate((await workspace.pulumi("stack", "output", "nodePem")).stdout);
    caPem = authority.toString();
    expect(authority.ca).toBe(true);
    expect(node.verify(authority.publicKey)).toBe(true);
    expect(node.checkIssued(authority)).toBe(true);
    expect(node.subjectAltName).toBe("DNS:server.global.nomad, DNS:localhost, IP Address:192.0.2.1");
  });

  test("finds nothing to do the second time, refreshed or not", async () => {
    expect((await workspace.pulumi("preview", "--expect-no-changes")).exitCode).toBe(0);
    const refresh = await workspace.pulumi("refresh", "--yes", "--expect-no-changes");
    expect(refresh.exitCode).toBe(0);
  });

  test("keeps keys secret in the state", async () => {
    const shown = await workspace.pulumi("stack", "export");
    expect(shown.output).not.toContain("PRIVATE KEY");
    expect(await output("tls:index/privateKey:PrivateKey", "node", "privateKeyPem")).toBeDefined();
  });

  test("replaces what a change of its inputs makes anew, and only that", async () => {
    await workspace.program(program(60, "2"));
    const preview = await workspace.pulumi("preview", "--diff");
    expect(preview.output).toContain("validityPeriodHours: 50 => 60");
    const up = await workspace.pulumi("up", "--yes", "--skip-preview");
    expect(up.output).toContain("2 replaced");
    expect((await workspace.pulumi("stack", "output", "caPem")).stdout.trim()).toBe(caPem.trim());
  });

  test("names the property of a wrong input", async () => {
    await workspace.program(program(60, "2").replace("P384", "P999"));
    const preview = await workspace.pulumi("preview");
    expect(preview.exitCode).not.toBe(0);
    expect(preview.output).toContain("ecdsaCurve");
  });

  test("destroys", async () => {
    expect((await workspace.pulumi("destroy", "--yes")).output).toContain("7 deleted");
  });
});
