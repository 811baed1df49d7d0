import { createPrivateKey, generateKeyPairSync } from "node:crypto";
import { beforeAll, describe, expect, test } from "vitest";
import { certificateIssue } from "../../../../../components/jobs/nginx/tls.ts";
import { testAuthority } from "../../../../support/certificate-authority.ts";
import type { TestAuthority } from "../../../../support/certificate-authority.ts";

const day = 86_400_000;
const other = generateKeyPairSync("ec", {
  namedCurve: "P-256",
  privateKeyEncoding: { type: "pkcs8", format: "pem" },
  publicKeyEncoding: { type: "spki", format: "pem" },
});

describe("a certificate and its private key", () => {
  let authority: TestAuthority;
  let certificate: string;
  let privateKey: string;
  beforeAll(async () => {
    authority = await testAuthority();
    ({ certificate, privateKey } = await authority.issue("blog.example", ["blog.example"], []));
  });

  test("are fine alone, in a chain, and with text around the blocks", () => {
    expect(certificateIssue(certificate, privateKey)).toBeUndefined();
    expect(certificateIssue(`${certificate}\n${authority.caCertificate}`, privateKey)).toBeUndefined();
    expect(
      certificateIssue(`subject=blog.example\r\n${certificate.replaceAll("\n", "\r\n")}`, privateKey),
    ).toBeUndefined();
  });

  test("are fine in the older format of EC keys", () => {
    const sec1 = createPrivateKey(privateKey).export({ type: "sec1", format: "pem" }).toString();
    expect(certificateIssue(certificate, sec1)).toBeUndefined();
  });

  const encrypted = () =>
    createPrivateKey(privateKey)
      .export({ type: "pkcs8", format: "pem", cipher: "aes-256-cbc", passphrase: "p" })
      .toString();
  test.each<[string, () => [string, string, Date?], RegExp]>([
    ["no certificate", () => ["", privateKey], /^certificate: is not PEM/],
    [
      "a broken certificate",
      () => [certificate.replace(/^M.../m, "!!!!"), privateKey],
      /^certificate: is not PEM/,
    ],
    [
      "a broken authority's certificate",
      () => [`${certificate}\n-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----`, privateKey],
      /^certificate: is not PEM/,
    ],
    ["no key", () => [certificate, ""], /^privateKey: is not a PEM private key/],
    ["the certificate as key", () => [certificate, certificate], /^privateKey: is not a PEM private key/],
    ["a public key as key", () => [certificate, other.publicKey], /^privateKey: is not a PEM private key/],
    ["an encrypted key", () => [certificate, encrypted()], /^privateKey: is encrypted/],
    [
      "another key",
      () => [certificate, other.privateKey],
      /^certificate: "CN=blog\.example" was issued for another/,
    ],
    [
      "a chain that begins with the authority",
      () => [`${authority.caCertificate}\n${certificate}`, privateKey],
      /number 2 of the chain/,
    ],
    [
      "an expired certificate",
      () => [certificate, privateKey, new Date(Date.now() + day)],
      /expired on 20\d\d-\d\d-\d\dT/,
    ],
    [
      "one of tomorrow",
      () => [certificate, privateKey, new Date(Date.now() - day)],
      /not valid before 20\d\d-/,
    ],
  ])("are refused with %s, without a word of the key", (_, pair, reason) => {
    const [chain, key, now] = pair();
    const found = certificateIssue(chain, key, now);
    const problem = `${found?.propertyPath}: ${found?.reason}`;
    expect(problem).toMatch(reason);
    const material = key.split("\n").filter((line) => line.length > 20 && !line.startsWith("-----"));
    for (const line of material) expect(problem).not.toContain(line.slice(0, 20));
  });
});
