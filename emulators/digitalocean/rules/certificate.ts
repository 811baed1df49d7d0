import { createPrivateKey, X509Certificate } from "node:crypto";
import { errorMessage, unprocessable } from "../requests/errors.ts";
import type { CertificateMaterial } from "../store/dns.ts";

const blocks = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

function parse<Result>(field: string, read: () => Result): Result {
  try {
    return read();
  } catch (error) {
    throw unprocessable(`${field} cannot be read: ${errorMessage(error)}`);
  }
}

/** The names for which a certificate is. */
function dnsNames({ subjectAltName = "" }: X509Certificate): string[] {
  return subjectAltName.split(", ").flatMap((name) => (name.startsWith("DNS:") ? [name.slice(4)] : []));
}

export interface CertificateFacts {
  readonly dnsNames: readonly string[];
  /** As the API writes times. */
  readonly notAfter: string;
  readonly sha1Fingerprint: string;
}

/**
 * What a certificate says. Throws 422 for PEM that cannot be read, a key of another certificate, and a certificate that
 * has ended. As on DigitalOcean the chain may be any certificates: it is not verified.
 */
export function readCertificate(material: CertificateMaterial, now: Date): CertificateFacts {
  const leaf = parse("leaf_certificate", () => new X509Certificate(material.leafCertificate));
  const key = parse("private_key", () => createPrivateKey(material.privateKey));
  if (!leaf.checkPrivateKey(key)) throw unprocessable("private_key is not the key of leaf_certificate");
  const chain = material.certificateChain.match(blocks) ?? [];
  if (material.certificateChain.trim() !== "" && chain.length === 0)
    throw unprocessable("certificate_chain cannot be read: it has no certificate in PEM");
  for (const certificate of chain) parse("certificate_chain", () => new X509Certificate(certificate));
  const end = new Date(leaf.validTo);
  if (end <= now) throw unprocessable(`leaf_certificate has ended at ${end.toISOString()}`);
  return {
    dnsNames: dnsNames(leaf),
    notAfter: `${end.toISOString().slice(0, 19)}Z`,
    sha1Fingerprint: leaf.fingerprint.replaceAll(":", "").toLowerCase(),
  };
}
