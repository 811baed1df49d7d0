import { createCipheriv, createDecipheriv, randomBytes, scryptSync } from "node:crypto";
import { mkdir, rename, writeFile } from "node:fs/promises";
import path from "node:path";

// The file: this line, 16 bytes of salt, 12 of initialisation vector, 16 of authentication tag, then the ciphertext.
const firstLine = Buffer.from("nomad snapshot, AES-256-GCM, scrypt 32768 8 1\n", "utf8");
const cost = { N: 32_768, r: 8, p: 1, maxmem: 64 * 1024 * 1024 };
const lengths = { salt: 16, initialisationVector: 12, tag: 16, key: 32 } as const;

/** A snapshot, which holds Nomad's keys and every job's secrets, readable only with the passphrase. */
export function encryptSnapshot(snapshot: Buffer, passphrase: string): Buffer {
  const salt = randomBytes(lengths.salt);
  const initialisationVector = randomBytes(lengths.initialisationVector);
  const cipher = createCipheriv("aes-256-gcm", keyOf(passphrase, salt), initialisationVector).setAAD(
    firstLine,
  );
  const content = Buffer.concat([cipher.update(snapshot), cipher.final()]);
  return Buffer.concat([firstLine, salt, initialisationVector, cipher.getAuthTag(), content]);
}

/** What `encryptSnapshot` was given. Throws if the passphrase is another or a byte has changed. */
export function decryptSnapshot(file: Buffer, passphrase: string): Buffer {
  const header = firstLine.length + lengths.salt + lengths.initialisationVector + lengths.tag;
  if (file.length < header || !file.subarray(0, firstLine.length).equals(firstLine))
    throw new Error("this file is not an encrypted Nomad snapshot of this program");
  let at = firstLine.length;
  const take = (length: number) => file.subarray(at, (at += length));
  const [salt, initialisationVector, tag] = [
    take(lengths.salt),
    take(lengths.initialisationVector),
    take(lengths.tag),
  ];
  const decipher = createDecipheriv("aes-256-gcm", keyOf(passphrase, salt), initialisationVector)
    .setAAD(firstLine)
    .setAuthTag(tag);
  try {
    return Buffer.concat([decipher.update(file.subarray(at)), decipher.final()]);
  } catch (error) {
    throw new Error("the snapshot cannot be decrypted: the passphrase is wrong or the file was changed", {
      cause: error,
    });
  }
}

/** Name of the file of a snapshot taken at `time`; names of one stack sort by time. */
export function snapshotFileName(stack: string, clusterName: string, time: Date): string {
  const stamp = time.toISOString().replace(/[-:]/g, "").replace(/\.\d+/, "");
  return `${stack}-${clusterName}-${stamp}.snapshot.encrypted`;
}

/** Writes the encrypted snapshot, readable by its owner only, and returns its path. A file is there whole or not at all. */
export async function writeSnapshot(
  directory: string,
  fileName: string,
  snapshot: Buffer,
  passphrase: string,
): Promise<string> {
  const file = path.join(directory, fileName);
  await mkdir(directory, { recursive: true, mode: 0o700 });
  await writeFile(`${file}.partial`, encryptSnapshot(snapshot, passphrase), { mode: 0o600 });
  await rename(`${file}.partial`, file);
  return file;
}

function keyOf(passphrase: string, salt: Buffer): Buffer {
  return scryptSync(passphrase, salt, lengths.key, cost);
}
