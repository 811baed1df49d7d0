import { createHash, createPublicKey, generateKeyPair } from "node:crypto";
import type { KeyObject } from "node:crypto";
import { promisify } from "node:util";
import type { ResourceType } from "../../../../providers/engine/resource-type.ts";
import { text } from "../../../../providers/engine/values.ts";
import type { Properties, Value } from "../../../../providers/engine/values.ts";

const generate = promisify(generateKeyPair);
const curves: Record<string, string> = { P224: "P-224", P256: "P-256", P384: "P-384", P521: "P-521" };
const newKey = "another key is another resource";

async function generated(inputs: Properties): Promise<KeyObject> {
  if (inputs["algorithm"] === "RSA")
    return (await generate("rsa", { modulusLength: Number(inputs["rsaBits"]) })).privateKey;
  if (inputs["algorithm"] === "ED25519") return (await generate("ed25519")).privateKey;
  return (await generate("ec", { namedCurve: curves[text(inputs["ecdsaCurve"])] ?? "" })).privateKey;
}

/** The key in the PEM form customary for its algorithm, as the official plugin writes it. */
function customaryPem(key: KeyObject): string {
  const types: Record<string, "pkcs1" | "sec1"> = { rsa: "pkcs1", ec: "sec1" };
  return key.export({ format: "pem", type: types[key.asymmetricKeyType ?? ""] ?? "pkcs8" }).toString();
}

function outputs(key: KeyObject): Properties {
  return {
    privateKeyPem: customaryPem(key),
    privateKeyPemPkcs8: key.export({ format: "pem", type: "pkcs8" }).toString(),
    publicKeyPem: createPublicKey(key).export({ format: "pem", type: "spki" }).toString(),
  };
}

const oneOf =
  (...allowed: string[]) =>
  (value: Value) =>
    allowed.includes(text(value)) ? undefined : `has to be one of ${allowed.join(", ")}`;

/** Without the forms of OpenSSH, which nothing here uses. */
export const privateKey: ResourceType<void> = {
  inputs: {
    algorithm: {
      type: "string",
      required: true,
      replaces: newKey,
      problem: oneOf("RSA", "ECDSA", "ED25519"),
    },
    ecdsaCurve: {
      type: "string",
      stateDefault: "P224",
      replaces: newKey,
      problem: oneOf(...Object.keys(curves)),
    },
    rsaBits: { type: "number", stateDefault: 2048, replaces: newKey },
  },
  outputs: {
    privateKeyPem: { secret: true },
    privateKeyPemPkcs8: { secret: true },
    publicKeyPem: {},
  },
  create: async (_client, inputs) => {
    const key = await generated(inputs);
    const der = createPublicKey(key).export({ format: "der", type: "spki" });
    return { id: createHash("sha1").update(der).digest("hex"), outputs: outputs(key) };
  },
  read: (_client, id, state) => {
    if (Object.keys(state).length === 0) throw new Error("a private key cannot be imported");
    return Promise.resolve({ id, outputs: state });
  },
  delete: () => Promise.resolve(),
};
