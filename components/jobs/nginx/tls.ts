import { createPrivateKey, X509Certificate } from "node:crypto";
import type { KeyObject } from "node:crypto";
import * as pulumi from "@pulumi/pulumi";
import { ResolvedInputError } from "../../validation.ts";
import type { ArgumentIssue, ArgumentNames } from "../../validation.ts";
import type { NginxTls } from "./args.ts";

/** Secret PEMs that nginx can serve; rejects any others, and with them whatever waits for it. */
export type ServedTls = pulumi.Output<{ readonly certificate: string; readonly privateKey: string }>;

/** `nameOf` names the two, which are validated when they are known. */
export function validatedTls({ certificate, privateKey }: NginxTls, nameOf: ArgumentNames): ServedTls {
  return pulumi.secret(
    pulumi.all([certificate, privateKey]).apply(([certificate, privateKey]) => {
      const issue = certificateIssue(certificate, privateKey);
      if (issue !== undefined) throw new ResolvedInputError("invalid arguments", [issue], nameOf);
      return { certificate, privateKey };
    }),
  );
}

/**
 * Why nginx could not serve a PEM certificate chain with a PEM private key at `now`, or undefined if it can. Never names
 * any part of the key.
 */
export function certificateIssue(
  certificate: string,
  privateKey: string,
  now = new Date(),
): ArgumentIssue | undefined {
  const chain = parsed(() => certificatesOf(certificate));
  const first = chain?.[0];
  if (chain === undefined || first === undefined)
    return issue(
      "certificate",
      "is not PEM; give the chain as your authority issued it, beginning with -----BEGIN CERTIFICATE-----",
    );
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
  if (!first.checkPrivateKey(key)) {
    const position = chain.findIndex((other) => other.checkPrivateKey(key)) + 1;
    return position > 0
      ? issue(
          "certificate",
          `the one for the private key is number ${position} of the chain; the site's own certificate comes first, then those that signed it`,
        )
      : issue(
          "certificate",
          `"${name(first)}" was issued for another private key; give the key that its request was made with`,
        );
  }
  if (first.validToDate < now)
    return issue(
      "certificate",
      `"${name(first)}" expired on ${first.validToDate.toISOString()}; give a renewed one`,
    );
  if (first.validFromDate > now)
    return issue(
      "certificate",
      `"${name(first)}" is not valid before ${first.validFromDate.toISOString()}; give one that is valid now`,
    );
  return undefined;
}

function issue(propertyPath: string, reason: string): ArgumentIssue {
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
