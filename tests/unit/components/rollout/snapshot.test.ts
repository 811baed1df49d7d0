import { mkdtemp, readdir, readFile, rm, stat } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
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

describe("a snapshot", () => {
  test("comes back as it was", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 2_000 }), fc.string(), (content, phrase) => {
        const given = Buffer.from(content);
        expect(decryptSnapshot(encryptSnapshot(given, phrase), phrase)).toEqual(given);
      }),
      { numRuns: 10 },
    );
  });

  test("is not readable in the file, and never twice the same", () => {
    const file = encryptSnapshot(snapshot, passphrase);
    expect(file.includes("canary-secret")).toBe(false);
    expect(encryptSnapshot(snapshot, passphrase).equals(file)).toBe(false);
  });

  test("does not open with another passphrase", () => {
    expect(() => decryptSnapshot(encryptSnapshot(snapshot, passphrase), "wrong")).toThrow(
      "cannot be decrypted",
    );
  });

  test("does not open when any byte was changed", () => {
    const file = encryptSnapshot(snapshot, passphrase);
    fc.assert(
      fc.property(fc.nat(file.length - 1), (at) => {
        const changed = Buffer.from(file);
        changed[at]! ^= 1;
        expect(() => decryptSnapshot(changed, passphrase)).toThrow(/snapshot/);
      }),
      { numRuns: 12 },
    );
  });

  test("of something else is named as such", () => {
    expect(() => decryptSnapshot(Buffer.from("PK"), passphrase)).toThrow("not an encrypted Nomad snapshot");
  });

  test("is kept for its owner only, under a name that sorts by time", async () => {
    const directory = await mkdtemp(path.join(os.tmpdir(), "snapshot-test-"));
    try {
      const name = snapshotFileName("sgp1", "blog", new Date("2026-11-24T05:06:07.089Z"));
      expect(name).toBe("sgp1-blog-20261124T050607Z.snapshot.encrypted");
      const file = await writeSnapshot(path.join(directory, "snapshots"), name, snapshot, passphrase);
      expect((await stat(file)).mode & 0o777).toBe(0o600);
      expect(decryptSnapshot(await readFile(file), passphrase)).toEqual(snapshot);
      expect(await readdir(path.dirname(file))).toEqual([name]);
    } finally {
      await rm(directory, { recursive: true });
    }
  });
});
