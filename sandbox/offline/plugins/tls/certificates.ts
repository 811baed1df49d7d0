import "reflect-metadata";
import { createHash } from "node:crypto";
import * as x509 from "@peculiar/x509";
import type { InputProperty, ResourceType } from "../../../../providers/engine/resource-type.ts";
import { text } from "../../../../providers/engine/values.ts";
import type { Properties, Value } from "../../../../providers/engine/values.ts";
import {
  certificateResult,
  commonExtensions,
  isReadyForRenewal,
  usesProblem,
  validity,
} from "./certificate.ts";
import { signingKey } from "./keys.ts";
import { alternativeNames, subjectName } from "./names.ts";

const subjectAlternativeName = "2.5.29.17";
const signed = "what is signed cannot be changed";
const negative = (value: Value) => (Number(value) < 0 ? "has to be at least 0" : undefined);
const string: InputProperty = { type: "string", replaces: signed };
const list: InputProperty = { type: "list", replaces: signed };
const flag: InputProperty = { type: "boolean", stateDefault: false, replaces: signed };
const subjectInputs = {
  subject: { type: "map", replaces: signed },
  dnsNames: list,
  ipAddresses: list,
  uris: list,
} satisfies Record<string, InputProperty>;
const certificateInputs = {
  allowedUses: { type: "list", required: true, replaces: signed, problem: usesProblem },
  validityPeriodHours: { type: "number", required: true, replaces: signed, problem: negative },
  earlyRenewalHours: { type: "number", stateDefault: 0, problem: negative },
  isCaCertificate: flag,
  // 0 is a limit, unlike elsewhere, where it is as good as no value.
  maxPathLength: { type: "number", replaces: signed, comparable: (value) => value ?? -1 },
  setSubjectKeyId: flag,
} satisfies Record<string, InputProperty>;
const certificateOutputs = { certPem: {}, validityStartTime: {}, validityEndTime: {}, readyForRenewal: {} };

function parsed<Result>(property: string, parse: () => Result): Result {
  try {
    return parse();
  } catch (error) {
    throw new Error(`${property} cannot be read: ${(error as Error).message}`, { cause: error });
  }
}

/** Nothing outside keeps these: a read confirms the state. */
const kept: ResourceType<void>["read"] = (_client, id, state) => {
  if (Object.keys(state).length === 0) throw new Error("this resource cannot be imported");
  return Promise.resolve({ id, outputs: state });
};
const renewal = {
  read: (_client: void, id: string, state: Properties) => {
    if (Object.keys(state).length === 0) throw new Error("this resource cannot be imported");
    return Promise.resolve({ id, outputs: { ...state, readyForRenewal: isReadyForRenewal(state, state) } });
  },
  furtherChanges: (_client: void, state: Properties, inputs: Properties) =>
    Promise.resolve<Record<string, "replace">>(
      isReadyForRenewal(state, inputs) ? { readyForRenewal: "replace" } : {},
    ),
  // Only earlyRenewalHours can change in place, and it is kept in the state alone.
  update: () => Promise.resolve({}),
  delete: () => Promise.resolve(),
};

const nameExtension = (inputs: Properties): x509.Extension[] => {
  const names = alternativeNames(inputs);
  return names.length === 0 ? [] : [new x509.SubjectAlternativeNameExtension(names)];
};

export const selfSignedCert: ResourceType<void> = {
  inputs: {
    ...certificateInputs,
    ...subjectInputs,
    privateKeyPem: { ...string, required: true, secret: true },
    setAuthorityKeyId: flag,
  },
  outputs: { ...certificateOutputs, keyAlgorithm: {} },
  ...renewal,
  create: async (_client, inputs) => {
    const key = await signingKey(text(inputs["privateKeyPem"]), "privateKeyPem");
    const extensions = await commonExtensions(inputs, key.pair.publicKey);
    if (inputs["setAuthorityKeyId"] === true)
      extensions.push(await x509.AuthorityKeyIdentifierExtension.create(key.pair.publicKey));
    const certificate = await x509.X509CertificateGenerator.createSelfSigned({
      ...validity(inputs),
      name: subjectName(inputs["subject"]),
      keys: key.pair,
      signingAlgorithm: key.signingAlgorithm,
      extensions: [...extensions, ...nameExtension(inputs)],
    });
    const { id, outputs } = certificateResult(certificate, inputs);
    return { id, outputs: { ...outputs, keyAlgorithm: key.algorithm } };
  },
};

export const certRequest: ResourceType<void> = {
  inputs: { ...subjectInputs, privateKeyPem: { ...string, required: true, secret: true } },
  outputs: { certRequestPem: {}, keyAlgorithm: {} },
  create: async (_client, inputs) => {
    const key = await signingKey(text(inputs["privateKeyPem"]), "privateKeyPem");
    const request = await x509.Pkcs10CertificateRequestGenerator.create({
      name: subjectName(inputs["subject"]),
      keys: key.pair,
      signingAlgorithm: key.signingAlgorithm,
      extensions: nameExtension(inputs),
    });
    const pem = `${request.toString("pem")}\n`;
    const id = createHash("sha1").update(pem).digest("hex");
    return { id, outputs: { certRequestPem: pem, keyAlgorithm: key.algorithm } };
  },
  read: kept,
  delete: () => Promise.resolve(),
};

export const locallySignedCert: ResourceType<void> = {
  inputs: {
    ...certificateInputs,
    certRequestPem: { ...string, required: true },
    caCertPem: { ...string, required: true },
    caPrivateKeyPem: { ...string, required: true, secret: true },
  },
  outputs: { ...certificateOutputs, caKeyAlgorithm: {} },
  ...renewal,
  create: async (_client, inputs) => {
    const key = await signingKey(text(inputs["caPrivateKeyPem"]), "caPrivateKeyPem");
    const authority = parsed("caCertPem", () => new x509.X509Certificate(text(inputs["caCertPem"])));
    const request = parsed(
      "certRequestPem",
      () => new x509.Pkcs10CertificateRequest(text(inputs["certRequestPem"])),
    );
    if (!(await request.verify())) throw new Error("certRequestPem: its signature does not fit its key");
    const names = request.extensions.find((extension) => extension.type === subjectAlternativeName);
    const extensions = await commonExtensions(inputs, request.publicKey);
    if (authority.getExtension(x509.SubjectKeyIdentifierExtension) !== null)
      extensions.push(await x509.AuthorityKeyIdentifierExtension.create(authority.publicKey));
    const certificate = await x509.X509CertificateGenerator.create({
      ...validity(inputs),
      subject: request.subjectName.toJSON(),
      issuer: authority.subjectName.toJSON(),
      publicKey: request.publicKey,
      signingKey: key.pair.privateKey,
      signingAlgorithm: key.signingAlgorithm,
      extensions: names === undefined ? extensions : [...extensions, names],
    });
    const { id, outputs } = certificateResult(certificate, inputs);
    return { id, outputs: { ...outputs, caKeyAlgorithm: key.algorithm } };
  },
};
