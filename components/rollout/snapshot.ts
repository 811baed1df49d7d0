import { mkdir, rename, writeFile } from "node:fs/promises";
import path from "node:path";
import { Decrypter, Encrypter } from "age-encryption";

/** The first line of a file in the age format (C2SP, "age-encryption.org/v1"). */
const firstLine = Buffer.from("age-encryption.org/v1\n", "utf8");

/** 2 to this power is scrypt's cost. The passphrase is 32 random bytes, which nobody guesses, so it need not be high. */
const workFactor = 10;

/** A snapshot, which holds Nomad's keys and every job's secrets, as an age file that opens with the passphrase. */
export async function encryptSnapshot(snapshot: Buffer, passphrase: string): Promise<Buffer> {
  const encrypter = new Encrypter();
  encrypter.setPassphrase(passphrase);
  encrypter.setScryptWorkFactor(workFactor);
  return Buffer.from(await encrypter.encrypt(snapshot));
}

/** What `encryptSnapshot` was given. Throws if the passphrase is another or a byte has changed. */
export async function decryptSnapshot(file: Buffer, passphrase: string): Promise<Buffer> {
  if (!file.subarray(0, firstLine.length).equals(firstLine))
    throw new Error("this file is not an encrypted Nomad snapshot of this program, which is an age file");
  const decrypter = new Decrypter();
  decrypter.addPassphrase(passphrase);
  try {
    return Buffer.from(await decrypter.decrypt(file));
  } catch (error) {
    throw new Error("the snapshot cannot be decrypted: the passphrase is wrong or the file was changed", {
      cause: error,
    });
  }
}

/** Name of the file of a snapshot taken at `time`; names of one stack sort by time. */
export function snapshotFileName(stack: string, clusterName: string, time: Date): string {
  const stamp = time.toISOString().replace(/[-:]/g, "").replace(/\.\d+/, "");
  return `${stack}-${clusterName}-${stamp}.snapshot.age`;
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
  await writeFile(`${file}.partial`, await encryptSnapshot(snapshot, passphrase), { mode: 0o600 });
  await rename(`${file}.partial`, file);
  return file;
}
