/** An Ed25519 public key in OpenSSH's format, another one for each number; nobody has its private key. */
export function sshPublicKey(number: number, comment = "test"): string {
  const field = (content: Buffer) => Buffer.concat([Buffer.from([0, 0, 0, content.length]), content]);
  const blob = Buffer.concat([field(Buffer.from("ssh-ed25519")), field(Buffer.alloc(32, number))]);
  return `ssh-ed25519 ${blob.toString("base64")} ${comment}`;
}
