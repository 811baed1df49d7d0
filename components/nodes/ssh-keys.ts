import { createHash } from "node:crypto";
import * as digitalocean from "@pulumi/digitalocean";
import type * as pulumi from "@pulumi/pulumi";

/** Who may log in to the nodes as root. */
export interface SshAccess {
  /** Ids or fingerprints of keys that are in the account already. */
  readonly sshKeys: readonly string[];
  /** Public keys in OpenSSH's format. */
  readonly sshPublicKeys: readonly string[];
}

/** Types of keys that OpenSSH 9 takes by default. */
const keyTypes = [
  ...["ssh-ed25519", "ssh-rsa", "ecdsa-sha2-nistp256", "ecdsa-sha2-nistp384", "ecdsa-sha2-nistp521"],
  ...["sk-ssh-ed25519@openssh.com", "sk-ecdsa-sha2-nistp256@openssh.com"],
];

/** The key itself, without type and comment; undefined if the text is no public key. */
function keyBlob(publicKey: string): Buffer | undefined {
  const [type = "", encoded = ""] = publicKey.trim().split(/[ \t]+/);
  if (publicKey.trim().includes("\n") || !keyTypes.includes(type)) return undefined;
  const blob = Buffer.from(encoded, "base64");
  if (blob.toString("base64").replace(/=+$/, "") !== encoded.replace(/=+$/, "")) return undefined;
  // Fields, each with its length before it (RFC 4253, section 6.6): a key that was cut off does not end with one.
  const fields: Buffer[] = [];
  for (let at = 0; at < blob.length; at += 4 + fields.at(-1)!.length) {
    if (at + 4 > blob.length || at + 4 + blob.readUInt32BE(at) > blob.length) return undefined;
    fields.push(blob.subarray(at + 4, at + 4 + blob.readUInt32BE(at)));
  }
  return fields.length > 1 && fields[0]!.toString("latin1") === type ? blob : undefined;
}

/** Why the text is no public key, or undefined if it is one. */
export function checkPublicKey(publicKey: string): string | undefined {
  if (keyBlob(publicKey) !== undefined) return undefined;
  if (publicKey.includes("PRIVATE KEY"))
    return "is a private key, which must not leave your machine; give the public one, the content of the .pub file beside it";
  return `"${publicKey}" is not a whole public key; give the content of a .pub file, like "ssh-ed25519 AAAA... you@laptop"`;
}

/** The MD5 fingerprint as hex pairs, by which DigitalOcean knows a key. The key has passed {@link checkPublicKey}. */
export function fingerprintOf(publicKey: string): string {
  const digest = createHash("md5").update(keyBlob(publicKey)!).digest("hex");
  return digest.match(/../g)!.join(":");
}

/** By what a droplet's creation names the keys, in an order that is always the same. */
export function keyIdentifiers({ sshKeys, sshPublicKeys }: SshAccess): string[] {
  return [...new Set([...sshKeys, ...sshPublicKeys.map(fingerprintOf)])].sort();
}

/** Name in the account of a key that the cluster declares, by which it is told from the same key of somebody else. */
export function keyNameOf(clusterName: string, publicKey: string): string {
  return `${clusterName}-${shortName(publicKey)}`;
}

function withoutComment(publicKey: string): string {
  return publicKey
    .trim()
    .split(/[ \t]+/)
    .slice(0, 2)
    .join(" ");
}

function shortName(publicKey: string): string {
  return `ssh-${fingerprintOf(publicKey).replaceAll(":", "").slice(0, 8)}`;
}

/** Declares the public keys in the account, and returns their ids there. */
export function createSshKeys(
  name: string,
  { clusterName, sshPublicKeys }: { readonly clusterName: string } & Pick<SshAccess, "sshPublicKeys">,
  opts: pulumi.CustomResourceOptions,
): pulumi.Output<string>[] {
  return sshPublicKeys.map(
    (publicKey) =>
      new digitalocean.SshKey(
        `${name}-${shortName(publicKey)}`,
        // Without the comment, whose change would ask DigitalOcean for the same key a second time.
        { name: keyNameOf(clusterName, publicKey), publicKey: withoutComment(publicKey) },
        opts,
      ).id,
  );
}

/** The part of cloud-config that says who may log in. */
interface LoginConfig {
  readonly ssh_pwauth: false;
  /** Before any other command. */
  readonly commands: readonly (readonly string[])[];
}

/**
 * Without an SSH key DigitalOcean gives root a password, mails it, and lets sshd take passwords (DigitalOcean
 * documentation, "Reset the root password"). Then nobody is to log in: root's password is locked, and no
 * longer expired, for which PAM would refuse root's cron jobs.
 */
export function loginConfig(hasKeys: boolean): LoginConfig {
  return {
    ssh_pwauth: false,
    commands: hasKeys
      ? []
      : [
          ["passwd", "--lock", "root"],
          ["chage", "--lastday", "-1", "root"],
        ],
  };
}
