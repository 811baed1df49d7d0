import type * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";

/** Made once for a cluster, and secret. */
export interface ClusterSecrets {
  /** What encrypts the servers' gossip, in base64. */
  readonly gossipKey: pulumi.Output<string>;
  /** A UUID: Nomad's management token. */
  readonly managementToken: pulumi.Output<string>;
  /** Makes the key of the snapshots of Nomad's state. */
  readonly snapshotPassphrase: pulumi.Output<string>;
}

export function createSecrets(name: string, opts: pulumi.CustomResourceOptions): ClusterSecrets {
  return {
    gossipKey: randomHex(`${name}-gossip-key`, 32, opts).apply(gossipKeyOfHex),
    managementToken: randomHex(`${name}-management-token`, 16, opts).apply(uuidOfHex),
    snapshotPassphrase: randomHex(`${name}-snapshot-passphrase`, 32, opts),
  };
}

/**
 * Random bytes as lower-case hex digits, secret everywhere in the state. `RandomBytes` and `RandomUuid` would have the
 * value in the clear as the resource's id (measured, random 4.21.2); a `RandomPassword` has not.
 */
function randomHex(name: string, bytes: number, opts: pulumi.CustomResourceOptions): pulumi.Output<string> {
  const hexDigits = {
    special: true,
    overrideSpecial: "0123456789abcdef",
    lower: false,
    upper: false,
    numeric: false,
  };
  return new random.RandomPassword(name, { length: 2 * bytes, ...hexDigits }, opts).result;
}

/** Nomad's form of a gossip key: base64. */
export function gossipKeyOfHex(hex: string): string {
  return Buffer.from(hex, "hex").toString("base64");
}

/** A version 4 UUID (RFC 9562) of 16 random bytes in hex: the form that Nomad wants of an ACL secret. */
export function uuidOfHex(hex: string): string {
  if (!/^[0-9a-f]{32}$/.test(hex)) throw new Error("a UUID is made of 16 bytes in 32 lower-case hex digits");
  const variant = ((parseInt(hex.charAt(16), 16) & 0x3) | 0x8).toString(16);
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `4${hex.slice(13, 16)}`,
    `${variant}${hex.slice(17, 20)}`,
    hex.slice(20),
  ].join("-");
}
