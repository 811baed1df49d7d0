import "reflect-metadata";
import * as x509 from "@peculiar/x509";

const algorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };

/** A self-signed certificate in the fields of a request, good for `hours` from now on. */
export async function certificateFields(dnsNames: readonly string[], hours = 24) {
  const keys = await crypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    name: "CN=Test",
    keys,
    signingAlgorithm: algorithm,
    notBefore: new Date(Date.now() - 48 * 3_600_000),
    notAfter: new Date(Date.now() + hours * 3_600_000),
    extensions: [
      new x509.SubjectAlternativeNameExtension(dnsNames.map((value) => ({ type: "dns" as const, value }))),
    ],
  });
  const privateKey = Buffer.from(await crypto.subtle.exportKey("pkcs8", keys.privateKey));
  return {
    private_key: x509.PemConverter.encode(privateKey, "PRIVATE KEY"),
    leaf_certificate: certificate.toString("pem"),
  };
}
