import { mkdtemp, readdir, readFile, rm, stat } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { Decrypter, Encrypter } from "age-encryption";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  decryptSnapshot,
  encryptSnapshot,
  writeSnapshot,
  snapshotFileName,
} from "../../../../components/rollout/snapshot.ts";

const snapshot = Buffer.from("the state, with canary-secret in it");
const passphrase = "correct horse";

// A file that the age command wrote (`age --passphrase`, 1.1.1), with `passphrase` and `snapshot`.
const fileOfAge = Buffer.from(
  "YWdlLWVuY3J5cHRpb24ub3JnL3YxCi0+IHNjcnlwdCBmN0Q1eDhzV0VyMGNzMXBCZ2UvT2xnIDE4ClJhKzZscHM2VFlsanR4" +
    "UmZoMXFoRWswbXUwbGdwQU82aHJqWG05OXV3SkEKLS0tIGZtUHgxeGdJL3V3RmhkazAwZC91WFc2Zmxsa09EZjVibTdobElL" +
    "Ni9DanMKRnCDEwhwzmtGXXv/nzLyYzjx1JfQWfpuvdhGGO+Xqyw1ocAhu7nPFcryXSpNHHMx+IoxWkYbxVv4Ia10s48Q2mK4" +
    "eQ==",
  "base64",
);

// scrypt takes seconds where other tests compute too.
describe("a snapshot", { timeout: 120_000 }, () => {
  test("comes back as it was", async () => {
    const anything = fc.asyncProperty(
      fc.uint8Array({ maxLength: 2_000 }),
      fc.string(),
      async (content, phrase) => {
        const given = Buffer.from(content);
        expect(await decryptSnapshot(await encryptSnapshot(given, phrase), phrase)).toEqual(given);
      },
    );
    await fc.assert(anything, { numRuns: 3 });
  });

  test("is an age file, which any program for these opens with the passphrase", async () => {
    const decrypter = new Decrypter();
    decrypter.addPassphrase(passphrase);
    expect(await decrypter.decrypt(await encryptSnapshot(snapshot, passphrase), "text")).toBe(
      snapshot.toString(),
    );
    expect(await decryptSnapshot(fileOfAge, passphrase)).toEqual(snapshot);
    // The age command makes its key of a passphrase slowly on purpose.
  }, 90_000);

  test("is not readable in the file, and never twice the same", async () => {
    const file = await encryptSnapshot(snapshot, passphrase);
    expect(file.includes("canary-secret")).toBe(false);
    expect((await encryptSnapshot(snapshot, passphrase)).equals(file)).toBe(false);
  });

  test("does not open with another passphrase", async () => {
    await expect(decryptSnapshot(await encryptSnapshot(snapshot, passphrase), "wrong")).rejects.toThrow(
      "cannot be decrypted",
    );
  });

  test("does not open when any byte was changed", async () => {
    const file = await encryptSnapshot(snapshot, passphrase);
    const anyByte = fc.asyncProperty(fc.nat(file.length - 1), async (at) => {
      const changed = Buffer.from(file);
      changed[at]! ^= 1;
      await expect(decryptSnapshot(changed, passphrase)).rejects.toThrow(/snapshot/);
    });
    await fc.assert(anyByte, { numRuns: 6 });
  });

  test("does not open when it was written for a key and not for a passphrase", async () => {
    const encrypter = new Encrypter();
    encrypter.addRecipient("age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p");
    await expect(decryptSnapshot(Buffer.from(await encrypter.encrypt(snapshot)), passphrase)).rejects.toThrow(
      "cannot be decrypted",
    );
  });

  test.each(["PK", "nomad snapshot, AES-256-GCM, scrypt 32768 8 1\n"])(
    "of something else is named as such: %j",
    async (content) => {
      await expect(decryptSnapshot(Buffer.from(content), passphrase)).rejects.toThrow(
        "not an encrypted Nomad snapshot",
      );
    },
  );

  test("is kept for its owner only, under a name that sorts by time", async () => {
    const directory = await mkdtemp(path.join(os.tmpdir(), "snapshot-test-"));
    try {
      const name = snapshotFileName("sgp1", "blog", new Date("2026-11-24T05:06:07.089Z"));
      expect(name).toBe("sgp1-blog-20261124T050607Z.snapshot.age");
      const file = await writeSnapshot(path.join(directory, "snapshots"), name, snapshot, passphrase);
      expect((await stat(file)).mode & 0o777).toBe(0o600);
      expect(await decryptSnapshot(await readFile(file), passphrase)).toEqual(snapshot);
      expect(await readdir(path.dirname(file))).toEqual([name]);
    } finally {
      await rm(directory, { recursive: true });
    }
  });
});
