import { createPrivateKey, X509Certificate } from "node:crypto";
import type { KeyObject } from "node:crypto";
import type { ArgumentIssue } from "../../validation.ts";

/**
 * Why nginx could not serve a PEM certificate chain with a PEM private key at `now`, or undefined if it can. Never names
 * any part of the key.
 */
export function tlsProblem(
  certificate: string,
  privateKey: string,
  now = new Date(),
): ArgumentIssue | undefined {
  const chain = parsed(() => certificatesOf(certificate));
  const first = chain?.[0];
  if (chain === undefined || first === undefined)
    return problem(
      "certificate",
      "is not PEM; give the chain as your authority issued it, beginning with -----BEGIN CERTIFICATE-----",
    );
  if (/^-----BEGIN ENCRYPTED|^Proc-Type: 4,ENCRYPTED/m.test(privateKey))
    return problem(
      "privateKey",
      "is encrypted, and nginx has nobody to ask for the passphrase; give the key without one",
    );
  const key = parsed((): KeyObject => createPrivateKey(privateKey));
  if (key === undefined)
    return problem(
      "privateKey",
      "is not a PEM private key; give the file that begins with -----BEGIN PRIVATE KEY----- or the like",
    );
  if (!first.checkPrivateKey(key)) {
    const position = chain.findIndex((other) => other.checkPrivateKey(key)) + 1;
    return position > 0
      ? problem(
          "certificate",
          `the one for the private key is number ${position} of the chain; the site's own certificate comes first, then those that signed it`,
        )
      : problem(
          "certificate",
          `"${name(first)}" was issued for another private key; give the key that its request was made with`,
        );
  }
  if (first.validToDate < now)
    return problem(
      "certificate",
      `"${name(first)}" expired on ${first.validToDate.toISOString()}; give a renewed one`,
    );
  if (first.validFromDate > now)
    return problem(
      "certificate",
      `"${name(first)}" is not valid before ${first.validFromDate.toISOString()}; give one that is valid now`,
    );
  return undefined;
}

function problem(propertyPath: string, reason: string): ArgumentIssue {
  return { propertyPath, reason };
}

function certificatesOf(pem: string): X509Certificate[] {
  const blocks = pem.match(/-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g) ?? [];
  return blocks.map((block) => new X509Certificate(block));
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

function name(certificate: X509Certificate): string {
  return (certificate.subject || certificate.subjectAltName || certificate.serialNumber).replaceAll(
    "\n",
    ", ",
  );
}
