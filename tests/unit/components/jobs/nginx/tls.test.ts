import { createPrivateKey, generateKeyPairSync, X509Certificate } from "node:crypto";
import { beforeAll, describe, expect, test } from "vitest";
import {
  chainText,
  judgeCertificate,
  validityWarning,
} from "../../../../../components/jobs/nginx/certificate.ts";
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
    const served = (chain: string) => {
      const judged = judgeCertificate(chain, privateKey, "blog.example");
      return judged.issue === undefined ? chainText(judged.chain).trim() : judged.issue;
    };
    const [own, authorityOwn] = [certificate.trim(), authority.caCertificate.trim()];
    expect(served(certificate)).toBe(own);
    expect(served(`${certificate}\n${authority.caCertificate}`)).toBe(`${own}\n${authorityOwn}`);
    expect(served(own + authorityOwn)).toBe(`${own}\n${authorityOwn}`);
    expect(served(`subject=blog.example\r\n${certificate.replaceAll("\n", "\r\n")}`)).toBe(own);
  });

  test("are fine in the older format of EC keys", () => {
    const sec1 = createPrivateKey(privateKey).export({ type: "sec1", format: "pem" }).toString();
    expect(judgeCertificate(certificate, sec1).issue).toBeUndefined();
  });

  test.each<[string, string | undefined, RegExp | undefined]>([
    ["its own name", "blog.example", undefined],
    ["no name that is known", undefined, undefined],
    ["another name", "www.blog.example", /^is for blog\.example, not www\.blog\.example$/],
    ["an address", "192.0.2.7", /^is for blog\.example, not 192\.0\.2\.7$/],
  ])("are for %s, or refused", (_, hostName, reason) => {
    const { issue } = judgeCertificate(certificate, privateKey, hostName);
    if (reason === undefined) expect(issue).toBeUndefined();
    else expect(issue?.reason).toMatch(reason);
  });

  test("are for every name of a wildcard, and for an address that they have", async () => {
    const wide = await authority.issue("any", ["*.blog.example"], ["192.0.2.7"]);
    const issue = (host: string) => judgeCertificate(wide.certificate, wide.privateKey, host).issue;
    expect([issue("www.blog.example"), issue("192.0.2.7")]).toEqual([undefined, undefined]);
    expect(issue("blog.example")?.reason).toContain("*.blog.example, 192.0.2.7, not blog.example");
    expect(issue("any")).toBeDefined();
  });

  test("are refused with a key that nginx's OpenSSL refuses", async () => {
    const small = await authority.issue("blog.example", ["blog.example"], [], {
      ...{ name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" },
      ...{ modulusLength: 1024, publicExponent: new Uint8Array([1, 0, 1]) },
    });
    expect(judgeCertificate(small.certificate, small.privateKey).issue?.reason).toMatch(
      /\(1024\) is too small/,
    );
  });

  test.each<[string, number, RegExp | undefined]>([
    ["more than 30 days before its end", -31, undefined],
    ["less than 30 days before its end", -29.5, /ends on .*, in 29 days; give a renewed one/],
    ["on the last day but one", -1.5, /in 1 day;/],
    ["on its last day", -0.5, /in 0 days;/],
    ["after its end", 0.5, /expired on 20\d\d-/],
    ["before its begin", -40, /not valid before 20\d\d-/],
  ])("are warned of, or not, %s", (_, days, warning) => {
    const made = new X509Certificate(certificate);
    const month = { validFromDate: new Date(made.validToDate.getTime() - 35 * day) };
    const lasting = Object.assign(Object.create(made) as X509Certificate, {});
    for (const [property, value] of Object.entries({
      ...month,
      validToDate: made.validToDate,
      subject: "CN=b",
    }))
      Object.defineProperty(lasting, property, { value });
    const said = validityWarning(lasting, new Date(made.validToDate.getTime() + days * day));
    if (warning === undefined) expect(said).toBeUndefined();
    else expect(said).toMatch(warning);
  });

  const encrypted = () =>
    createPrivateKey(privateKey)
      .export({ type: "pkcs8", format: "pem", cipher: "aes-256-cbc", passphrase: "p" })
      .toString();
  test.each<[string, () => [string, string], RegExp]>([
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
      "a chain whose second block is cut off",
      () => [`${certificate}\n${authority.caCertificate.slice(0, 200)}`, privateKey],
      /^certificate: is cut off: it has 1 whole/,
    ],
    [
      "a chain whose first block has lost its begin",
      () => [`${certificate.slice(40)}\n${authority.caCertificate}`, privateKey],
      /^certificate: is cut off/,
    ],
  ])("are refused with %s, without a word of the key", (_, pair, reason) => {
    const [chain, key] = pair();
    const found = judgeCertificate(chain, key, "blog.example").issue;
    const problem = `${found?.propertyPath}: ${found?.reason}`;
    expect(problem).toMatch(reason);
    const material = key.split("\n").filter((line) => line.length > 20 && !line.startsWith("-----"));
    for (const line of material) expect(problem).not.toContain(line.slice(0, 20));
  });
});
