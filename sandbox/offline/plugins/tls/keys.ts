import { createPrivateKey, webcrypto } from "node:crypto";
import type { KeyObject } from "node:crypto";

/** A private key with what signing by it needs. */
export interface SigningKey {
  readonly pair: webcrypto.CryptoKeyPair;
  readonly signingAlgorithm: webcrypto.Algorithm | webcrypto.EcdsaParams;
  /** `RSA`, `ECDSA` or `ED25519`, as the outputs name it. */
  readonly algorithm: string;
}

const hashes: Record<string, string> = { "P-256": "SHA-256", "P-384": "SHA-384", "P-521": "SHA-512" };

function parse(pem: string, property: string): KeyObject {
  try {
    return createPrivateKey(pem);
  } catch (error) {
    throw new Error(`${property} is not a private key in PEM`, { cause: error });
  }
}

/** Reads a private key in PEM; the error names `property`. P224 keys cannot sign certificates here. */
export async function signingKey(pem: string, property: string): Promise<SigningKey> {
  const key = parse(pem, property);
  if (key.asymmetricKeyDetails?.namedCurve === "secp224r1")
    throw new Error(`${property}: this stand-in signs with P256, P384 and P521 only, not P224`);
  const jwk = key.export({ format: "jwk" });
  const curve = jwk.crv ?? "";
  const kinds = {
    RSA: { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256", algorithm: "RSA" },
    EC: { name: "ECDSA", namedCurve: curve, hash: hashes[curve] ?? "", algorithm: "ECDSA" },
    OKP: { name: "Ed25519", hash: "", algorithm: "ED25519" },
  };
  const kind = kinds[jwk.kty as keyof typeof kinds];
  if (jwk.kty === "EC" && kind.hash === "")
    throw new Error(`${property}: this stand-in signs with P256, P384 and P521 only, not ${curve}`);
  const publicJwk = {
    kty: jwk.kty,
    crv: jwk.crv,
    x: jwk.x,
    y: jwk.y,
    n: jwk.n,
    e: jwk.e,
  } as webcrypto.JsonWebKey;
  const { subtle } = webcrypto;
  const pair = {
    privateKey: await subtle.importKey("jwk", jwk, kind, true, ["sign"]),
    publicKey: await subtle.importKey("jwk", publicJwk, kind, true, ["verify"]),
  };
  return { pair, signingAlgorithm: { name: kind.name, hash: kind.hash }, algorithm: kind.algorithm };
}
