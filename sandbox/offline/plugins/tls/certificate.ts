import "reflect-metadata";
import { randomBytes } from "node:crypto";
import * as x509 from "@peculiar/x509";
import { text } from "../../../../providers/engine/values.ts";
import type { Properties, Value } from "../../../../providers/engine/values.ts";

const { KeyUsageFlags, ExtendedKeyUsage } = x509;

const keyUsages: Record<string, number> = {
  digital_signature: KeyUsageFlags.digitalSignature,
  content_commitment: KeyUsageFlags.nonRepudiation,
  key_encipherment: KeyUsageFlags.keyEncipherment,
  data_encipherment: KeyUsageFlags.dataEncipherment,
  key_agreement: KeyUsageFlags.keyAgreement,
  cert_signing: KeyUsageFlags.keyCertSign,
  crl_signing: KeyUsageFlags.cRLSign,
  encipher_only: KeyUsageFlags.encipherOnly,
  decipher_only: KeyUsageFlags.decipherOnly,
};

const extendedKeyUsages: Record<string, string> = {
  any_extended: "2.5.29.37.0",
  server_auth: ExtendedKeyUsage.serverAuth,
  client_auth: ExtendedKeyUsage.clientAuth,
  code_signing: ExtendedKeyUsage.codeSigning,
  email_protection: ExtendedKeyUsage.emailProtection,
  timestamping: ExtendedKeyUsage.timeStamping,
  ocsp_signing: ExtendedKeyUsage.ocspSigning,
};

/** Why a list of allowed uses is wrong, or undefined. */
export function usesProblem(value: Value): string | undefined {
  const wrong = Array.isArray(value)
    ? value.find((use) => !(text(use) in keyUsages) && !(text(use) in extendedKeyUsages))
    : undefined;
  return wrong === undefined ? undefined : `this stand-in does not know the use ${JSON.stringify(wrong)}`;
}

/** The extensions both kinds of certificates have, from inputs that are the same for both. */
export async function commonExtensions(
  inputs: Properties,
  publicKey: x509.PublicKeyType,
): Promise<x509.Extension[]> {
  const uses = (inputs["allowedUses"] as Value[]).map(text);
  const usage = uses.reduce((flags, use) => flags | (keyUsages[use] ?? 0), 0);
  const extended = uses.map((use) => extendedKeyUsages[use]).filter((use) => use !== undefined);
  const isCa = inputs["isCaCertificate"] === true;
  const pathLength =
    isCa && Number(inputs["maxPathLength"]) >= 0 ? Number(inputs["maxPathLength"]) : undefined;
  const extensions: x509.Extension[] = [new x509.BasicConstraintsExtension(isCa, pathLength, true)];
  if (usage !== 0) extensions.push(new x509.KeyUsagesExtension(usage, true));
  if (extended.length > 0) extensions.push(new x509.ExtendedKeyUsageExtension(extended));
  if (isCa || inputs["setSubjectKeyId"] === true)
    extensions.push(await x509.SubjectKeyIdentifierExtension.create(publicKey));
  return extensions;
}

/** When a certificate made now is valid, and the 128 bits of its serial number as hex. */
export function validity(inputs: Properties, now = new Date()) {
  const hours = Number(inputs["validityPeriodHours"]);
  const serial = randomBytes(16);
  // The first bit is the sign, and serial numbers are positive.
  serial[0] = ((serial[0] ?? 0) & 0x7f) | 0x40;
  const start = new Date(Math.floor(now.getTime() / 1000) * 1000);
  return {
    serialNumber: serial.toString("hex"),
    notBefore: start,
    notAfter: new Date(start.getTime() + hours * 3_600_000),
  };
}

const timestamp = (date: Date) => date.toISOString().replace(/\.\d+Z$/, "Z");

/** What a certificate resource becomes. */
export function certificateResult(
  certificate: x509.X509Certificate,
  inputs: Properties,
): { id: string; outputs: Properties } {
  const outputs = {
    certPem: `${certificate.toString("pem")}\n`,
    validityStartTime: timestamp(certificate.notBefore),
    validityEndTime: timestamp(certificate.notAfter),
  };
  return {
    id: BigInt(`0x${certificate.serialNumber}`).toString(),
    outputs: { ...outputs, readyForRenewal: isReadyForRenewal(outputs, inputs) },
  };
}

/** Whether a certificate is within its early renewal hours, or over. */
export function isReadyForRenewal(state: Properties, inputs: Properties, now = Date.now()): boolean {
  const end = Date.parse(text(state["validityEndTime"]));
  return end - Number(inputs["earlyRenewalHours"] ?? 0) * 3_600_000 <= now;
}
