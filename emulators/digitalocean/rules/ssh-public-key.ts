import { createHash } from "node:crypto";

/** The MD5 fingerprint (colon-separated hex pairs) of an OpenSSH public key line; undefined if it is not one. */
export function sshFingerprint(publicKey: string): string | undefined {
  const [type, encoded] = publicKey.trim().split(/\s+/);
  if (type === undefined || encoded === undefined) return undefined;
  if (!/^(ssh-(rsa|ed25519|dss)|ecdsa-sha2-nistp\d+|sk-[a-z0-9@.-]+)$/.test(type)) return undefined;
  const blob = Buffer.from(encoded, "base64");
  // The blob starts with its own type, as a string with a 32-bit length.
  if (blob.length < 4 + type.length || blob.readUInt32BE(0) !== type.length) return undefined;
  if (blob.subarray(4, 4 + type.length).toString("latin1") !== type) return undefined;
  const digest = createHash("md5").update(blob).digest("hex");
  return digest.match(/../g)?.join(":");
}
