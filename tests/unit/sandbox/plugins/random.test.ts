import { createPrivateKey, generateKeyPairSync, randomInt } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { password, passwordFailures } from "../../../../sandbox/offline/plugins/random/password.ts";
import { randomPlugin } from "../../../../sandbox/offline/plugins/random/random.ts";
import type { RandomSource } from "../../../../sandbox/offline/plugins/random/random.ts";
import { openssh } from "../../../../sandbox/offline/plugins/tls/openssh.ts";

describe("password", () => {
  const minimum = fc.integer({ min: 0, max: 5 });
  const inputs = fc.record({
    length: fc.integer({ min: 15, max: 40 }),
    lower: fc.boolean(),
    upper: fc.boolean(),
    numeric: fc.boolean(),
    special: fc.constant(true),
    minLower: minimum,
    minNumeric: minimum,
    minSpecial: minimum,
  });

  test("has its length, every minimum and no character that is not allowed", () => {
    fc.assert(
      fc.property(inputs, (given) => {
        const result = password(given, (limit) => randomInt(limit));
        const count = (pattern: RegExp) => result.match(pattern)?.length ?? 0;
        expect(result).toHaveLength(given.length);
        expect(count(/[a-z]/g)).toBeGreaterThanOrEqual(given.minLower);
        expect(count(/[0-9]/g)).toBeGreaterThanOrEqual(given.minNumeric);
        expect(count(/[^a-zA-Z0-9]/g)).toBeGreaterThanOrEqual(given.minSpecial);
        if (!given.upper) expect(count(/[A-Z]/g)).toBe(0);
      }),
    );
  });

  test("refuses minimums that do not fit and an empty alphabet", () => {
    expect(passwordFailures({ length: 3, lower: true, minLower: 4 })[0]?.property).toBe("length");
    expect(passwordFailures({ length: 3 })[0]?.reason).toContain("at least one class");
  });
});

describe("ids and imports", () => {
  const plugin = randomPlugin({ bytes: (size) => Buffer.alloc(size, 7), below: () => 0, uuid: () => "u" });
  const operation = { signal: new AbortController().signal };
  const bytes = plugin.resources["random:index/randomBytes:RandomBytes"];
  const passwords = plugin.resources["random:index/randomPassword:RandomPassword"];
  const uuids = plugin.resources["random:index/randomUuid:RandomUuid"];
  const source = plugin.configure({}) as RandomSource;

  test("random bytes are their own id, and imported by it", async () => {
    const made = await bytes?.create(source, { length: 3 }, operation);
    expect(made?.id).toBe("BwcH");
    expect((await bytes?.read(source, "BwcH", {}, operation))?.outputs).toMatchObject({
      length: 3,
      hex: "070707",
    });
  });

  test("an imported password is no id and has all flags", async () => {
    const found = await passwords?.read(source, "canary", {}, operation);
    expect(found).toMatchObject({
      id: "none",
      outputs: { length: 6, result: "canary", lower: true, minLower: 0 },
    });
  });

  test("refuses to import what is no base64 and no UUID", () => {
    expect(() => bytes?.read(source, "not base64", {}, operation)).toThrow("base64");
    expect(() => uuids?.read(source, "garbage", {}, operation)).toThrow("UUID");
  });
});

describe("openssh", () => {
  test.each([
    ["ssh-ed25519", generateKeyPairSync("ed25519").privateKey],
    ["ssh-rsa", generateKeyPairSync("rsa", { modulusLength: 1024 }).privateKey],
    ["ecdsa-sha2-nistp256", generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey],
  ])("writes %s keys with a body that is padded to whole blocks", (type, key) => {
    const written = openssh(createPrivateKey(key.export({ format: "pem", type: "pkcs8" })));
    expect(written?.publicKey.startsWith(`${type} `)).toBe(true);
    const body = Buffer.from((written?.privateKey ?? "").split("\n").slice(1, -2).join(""), "base64");
    expect(body.subarray(0, 15).toString()).toBe("openssh-key-v1\0");
    const secretsAt = 15 + 8 + 8 + 4 + 4 + 4 + (written?.publicBlob.length ?? 0);
    expect(body.readUInt32BE(secretsAt) % 8).toBe(0);
    expect(body.length).toBe(secretsAt + 4 + body.readUInt32BE(secretsAt));
  });
});
