import { randomBytes } from "node:crypto";
import type { KeyObject } from "node:crypto";

const curves: Record<string, string> = { "P-256": "nistp256", "P-384": "nistp384", "P-521": "nistp521" };

function field(data: Buffer | string): Buffer {
  const bytes = Buffer.from(data);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
}

function integer(base64url: string | undefined): Buffer {
  const bytes = Buffer.from(base64url ?? "", "base64url");
  let start = 0;
  while (start < bytes.length - 1 && bytes[start] === 0) start++;
  const digits = bytes.subarray(start);
  return field((digits[0] ?? 0) & 0x80 ? Buffer.concat([Buffer.of(0), digits]) : digits);
}

const text = (base64url: string | undefined) => Buffer.from(base64url ?? "", "base64url");

function fields(key: KeyObject): { type: string; public: Buffer[]; private: Buffer[] } | undefined {
  // Neither OpenSSH nor JWK has a name for it.
  if (key.asymmetricKeyDetails?.namedCurve === "secp224r1") return undefined;
  const jwk = key.export({ format: "jwk" });
  if (jwk.kty === "RSA") {
    const secrets = [jwk.n, jwk.e, jwk.d, jwk.qi, jwk.p, jwk.q].map(integer);
    return { type: "ssh-rsa", public: [integer(jwk.e), integer(jwk.n)], private: secrets };
  }
  if (jwk.kty === "OKP") {
    const point = field(text(jwk.x));
    return {
      type: "ssh-ed25519",
      public: [point],
      private: [point, field(Buffer.concat([text(jwk.d), text(jwk.x)]))],
    };
  }
  const curve = curves[jwk.crv ?? ""];
  if (curve === undefined) return undefined;
  const point = field(Buffer.concat([Buffer.of(4), text(jwk.x), text(jwk.y)]));
  return {
    type: `ecdsa-sha2-${curve}`,
    public: [field(curve), point],
    private: [field(curve), point, integer(jwk.d)],
  };
}

/** A private key in OpenSSH's formats; undefined for a curve that OpenSSH does not know. */
export function openssh(
  key: KeyObject,
): { publicBlob: Buffer; publicKey: string; privateKey: string } | undefined {
  const parts = fields(key);
  if (parts === undefined) return undefined;
  const publicBlob = Buffer.concat([field(parts.type), ...parts.public]);
  const check = randomBytes(4);
  const plain = Buffer.concat([check, check, field(parts.type), ...parts.private, field("")]);
  const padding = Buffer.from(Array.from({ length: (8 - (plain.length % 8)) % 8 }, (_, index) => index + 1));
  const count = Buffer.from([0, 0, 0, 1]);
  const body = Buffer.concat([
    Buffer.from("openssh-key-v1\0"),
    field("none"),
    field("none"),
    field(""),
    count,
    field(publicBlob),
    field(Buffer.concat([plain, padding])),
  ]);
  const lines = body.toString("base64").match(/.{1,70}/g) ?? [];
  return {
    publicBlob,
    publicKey: `${parts.type} ${publicBlob.toString("base64")}\n`,
    privateKey: `-----BEGIN OPENSSH PRIVATE KEY-----\n${lines.join("\n")}\n-----END OPENSSH PRIVATE KEY-----\n`,
  };
}
