import { createPrivateKey, X509Certificate } from "node:crypto";
import type { KeyObject } from "node:crypto";
import { isIP } from "node:net";
import type { ArgumentIssue } from "../../validation.ts";

/** From so many days before a certificate's end on its owner is warned. */
const warnedDays = 30;
const day = 86_400_000;

/** Smallest keys that the OpenSSL of nginx's image takes (`SSL_CTX_set_security_level`, level 2). */
const smallestRsaKey = 2048;
const tooSmallCurves: readonly string[] = ["secp112r1", "secp128r1", "secp160r1", "prime192v1", "secp192k1"];

/** A certificate chain with its key, as nginx takes them, or why it cannot. */
export type JudgedCertificate =
  | { readonly chain: readonly X509Certificate[]; readonly issue?: undefined }
  | { readonly issue: ArgumentIssue };

/**
 * Judges a PEM chain with a PEM private key for readers who ask for `hostName`, where that is known. Never names any part of
 * the key. When the certificate ends is for {@link validityWarning}: nginx serves one that has ended.
 */
export function judgeCertificate(
  certificate: string,
  privateKey: string,
  hostName?: string,
): JudgedCertificate {
  const chain = chainOf(certificate);
  if (typeof chain === "string") return { issue: { propertyPath: "certificate", reason: chain } };
  const found = keyIssue(chain, privateKey) ?? nameIssue(chain[0]!, hostName) ?? sizeIssue(chain);
  return found === undefined ? { chain } : { issue: found };
}

/** The chain as nginx reads it: each certificate on lines of its own, whatever was between them. */
export function chainText(chain: readonly X509Certificate[]): string {
  return chain.map((certificate) => certificate.toString().trim()).join("\n");
}

/** What to say of a certificate that is not valid now, or not for much longer. */
export function validityWarning(certificate: X509Certificate, now = new Date()): string | undefined {
  const { validFromDate, validToDate } = certificate;
  const name = nameOf(certificate);
  if (validFromDate > now)
    return `"${name}" is not valid before ${validFromDate.toISOString()}, and browsers refuse it until then`;
  if (validToDate < now)
    return `"${name}" expired on ${validToDate.toISOString()}, and browsers refuse it; give a renewed one`;
  const days = Math.floor((validToDate.getTime() - now.getTime()) / day);
  return days < warnedDays
    ? `"${name}" ends on ${validToDate.toISOString()}, in ${days} ${days === 1 ? "day" : "days"}; give a renewed one`
    : undefined;
}

/** The certificates of a PEM text, or why they cannot be read. */
function chainOf(pem: string): X509Certificate[] | string {
  const blocks = pem.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  const ends = (mark: string) => pem.split(`-----${mark} CERTIFICATE-----`).length - 1;
  if (Math.max(ends("BEGIN"), ends("END")) > blocks.length && blocks.length > 0)
    return `is cut off: it has ${blocks.length} whole certificates, and the begin or the end of one more; give the whole chain`;
  const chain = parsed(() => blocks.map((block) => new X509Certificate(block)));
  return chain === undefined || chain.length === 0
    ? "is not PEM; give the chain as your authority issued it, beginning with -----BEGIN CERTIFICATE-----"
    : chain;
}

function keyIssue(chain: readonly X509Certificate[], privateKey: string): ArgumentIssue | undefined {
  if (/^-----BEGIN ENCRYPTED|^Proc-Type: 4,ENCRYPTED/m.test(privateKey))
    return issue(
      "privateKey",
      "is encrypted, and nginx has nobody to ask for the passphrase; give the key without one",
    );
  const key = parsed((): KeyObject => createPrivateKey(privateKey));
  if (key === undefined)
    return issue(
      "privateKey",
      "is not a PEM private key; give the file that begins with -----BEGIN PRIVATE KEY----- or the like",
    );
  const [first] = chain;
  if (first!.checkPrivateKey(key)) return undefined;
  const position = chain.findIndex((other) => other.checkPrivateKey(key)) + 1;
  return position > 0
    ? issue(
        "certificate",
        `the one for the private key is number ${position} of the chain; the site's own certificate comes first, then those that signed it`,
      )
    : issue(
        "certificate",
        `"${nameOf(first!)}" was issued for another private key; give the key that its request was made with`,
      );
}

/** Browsers look at the alternative names only. */
function nameIssue(certificate: X509Certificate, hostName: string | undefined): ArgumentIssue | undefined {
  if (hostName === undefined) return undefined;
  const matches =
    isIP(hostName) === 0
      ? certificate.checkHost(hostName, { subject: "never" })
      : certificate.checkIP(hostName);
  if (matches !== undefined) return undefined;
  const names = (certificate.subjectAltName ?? "").replace(/(?:DNS|IP Address):/g, "");
  return issue("certificate", `is for ${names === "" ? "no name" : names}, not ${hostName}`);
}

function sizeIssue(chain: readonly X509Certificate[]): ArgumentIssue | undefined {
  for (const certificate of chain) {
    const { asymmetricKeyDetails: details } = certificate.publicKey;
    const isSmall =
      (details?.modulusLength !== undefined && details.modulusLength < smallestRsaKey) ||
      tooSmallCurves.includes(details?.namedCurve ?? "");
    if (isSmall)
      return issue(
        "certificate",
        `the key of "${nameOf(certificate)}" (${details?.modulusLength ?? details?.namedCurve}) is too small for nginx; use RSA from ${smallestRsaKey} bits on, or the curve P-256`,
      );
  }
  return undefined;
}

function issue(propertyPath: string, reason: string): ArgumentIssue {
  return { propertyPath, reason };
}

/** Text that cannot be parsed is undefined: what OpenSSL says of it helps nobody. */
function parsed<Value>(parse: () => Value): Value | undefined {
  try {
    return parse();
  } catch (error) {
    if (error instanceof Error && "code" in error) return undefined;
    throw error;
  }
}

function nameOf(certificate: X509Certificate): string {
  return (certificate.subject || certificate.subjectAltName || certificate.serialNumber).replaceAll(
    "\n",
    ", ",
  );
}
