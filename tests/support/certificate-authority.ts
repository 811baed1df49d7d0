import type { webcrypto } from "node:crypto";
import "reflect-metadata";
import * as x509 from "@peculiar/x509";

const algorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
const validity = () => ({
  notBefore: new Date(Date.now() - 60_000),
  notAfter: new Date(Date.now() + 3_600_000),
});

/** A certificate authority for one test, and what it signs, in PEM. */
export interface TestAuthority {
  readonly caCertificate: string;
  issue(
    commonName: string,
    dnsNames: string[],
    ipAddresses: string[],
    keyAlgorithm?: webcrypto.EcKeyGenParams | webcrypto.RsaHashedKeyGenParams,
  ): Promise<{ certificate: string; privateKey: string }>;
}

export async function testAuthority(): Promise<TestAuthority> {
  const keys = await crypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
  const ca = await x509.X509CertificateGenerator.createSelfSigned({
    name: "CN=Test CA",
    keys,
    signingAlgorithm: algorithm,
    extensions: [new x509.BasicConstraintsExtension(true)],
    ...validity(),
  });
  return {
    caCertificate: ca.toString("pem"),
    async issue(commonName, dnsNames, ipAddresses, keyAlgorithm = algorithm) {
      const own = await crypto.subtle.generateKey(keyAlgorithm, true, ["sign", "verify"]);
      const certificate = await x509.X509CertificateGenerator.create({
        subject: `CN=${commonName}`,
        issuer: ca.subject,
        publicKey: own.publicKey,
        signingKey: keys.privateKey,
        signingAlgorithm: algorithm,
        extensions: [
          new x509.SubjectAlternativeNameExtension([
            ...dnsNames.map((value) => ({ type: "dns" as const, value })),
            ...ipAddresses.map((value) => ({ type: "ip" as const, value })),
          ]),
        ],
        ...validity(),
      });
      const privateKey = Buffer.from(await crypto.subtle.exportKey("pkcs8", own.privateKey));
      return {
        certificate: certificate.toString("pem"),
        privateKey: x509.PemConverter.encode(privateKey, "PRIVATE KEY"),
      };
    },
  };
}
