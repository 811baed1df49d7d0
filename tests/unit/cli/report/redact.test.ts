import fc from "fast-check";
import { expect, test } from "vitest";
import { hideable, redact, secretTexts } from "../../../../cli/report/secrets/redact.ts";
import { secretsOfState } from "../../../../cli/report/secrets/secrets-of-state.ts";

const secrets = fc.string({ minLength: 8, maxLength: 40, unit: "binary" }).filter((text) => {
  const trimmed = text.trim();
  return trimmed.length >= 8 && !"[secret]".includes(trimmed);
});

/** How a message, a log or a document may repeat a text, each with what surrounds it there. */
const encodings: Record<string, (text: string, before: string) => string> = {
  "as it is": (text, before) => `${before}${text}.`,
  trimmed: (text, before) => `${before}${text.trim()}.`,
  "in JSON": (text) => JSON.stringify({ key: text }),
  "in JSON in JSON": (text) => JSON.stringify(JSON.stringify({ key: text })),
  "in Go's JSON": (text) =>
    JSON.stringify(text)
      .replaceAll("<", "\\u003c")
      .replaceAll(">", "\\u003e")
      .replaceAll("&", "\\u0026")
      .replaceAll("\u2028", "\\u2028")
      .replaceAll("\u2029", "\\u2029"),
  "percent-encoded": (text) => `https://example.com/?key=${encodeURIComponent(text)}`,
  "of a form": (text) => new URLSearchParams({ key: text }).toString(),
  "in hexadecimal": (text) => Buffer.from(text).toString("hex"),
  "in upper-case hexadecimal": (text) => Buffer.from(text).toString("hex").toUpperCase(),
  "in base64": (text, before) => Buffer.from(`${before}${text}${before}`).toString("base64"),
  "in base64 for URLs": (text, before) => Buffer.from(`${before}${text}${before}`).toString("base64url"),
};

test.each(Object.keys(encodings))("a secret is kept out of a text that has it %s", (name) => {
  const encode = encodings[name]!;
  fc.assert(
    fc.property(secrets, fc.string({ maxLength: 5 }), (secret, before) => {
      const clean = redact({ a: [{ b: encode(secret, before) }], count: 3 }, ["x", secret]);
      expect(clean.a[0]!.b).toContain("[secret]");
      expect(clean.a[0]!.b).not.toContain(secret.trim());
      expect(clean.count).toBe(3);
    }),
  );
});

test("what is left of a base64 text is at most the digits that the secret shares with its neighbours", () => {
  const secret = "hunter-2-and-a-half";
  for (const before of ["", "a", "ab", "abc"]) {
    const text = Buffer.from(`${before}${secret}xyz`).toString("base64");
    const [start, end] = redact(text, [secret]).split("[secret]");
    expect(Buffer.from(start!, "base64").toString()).toBe(before);
    expect(Buffer.from(end!, "base64").toString("latin1")).not.toContain("half");
  }
});

test("of a key in lines each line is kept out, and its first and last line stay readable", () => {
  const lines = ["MHcCAQEEIApCQxl88RlWULuGKedjn0ll5GHGPCp4l", "TlqpLpfbQuoAoGCCqGSM49AwEHoUQDQgAE"];
  const key = ["-----BEGIN EC PRIVATE KEY-----", ...lines, "-----END EC PRIVATE KEY-----"].join("\n");
  expect(redact(`1: ${lines[0]}\n2: ${lines[1]}`, [key])).toBe("1: [secret]\n2: [secret]");
  expect(redact("-----BEGIN EC PRIVATE KEY-----", [key])).toBe("-----BEGIN EC PRIVATE KEY-----");
});

test("a secret whose text is a name leaves the name readable, and is remarked on", () => {
  const names = ["sgp1", "blog-ghost-job", "ghost"];
  expect(hideable(["ghost", " blog\n", "hunter-2"], names)).toEqual({
    secrets: ["hunter-2"],
    areNames: true,
  });
  expect(hideable(["hunter-2", "ghosts"], names)).toEqual({
    secrets: ["hunter-2", "ghosts"],
    areNames: false,
  });
});

test("the texts of a secret are those inside its JSON too", () => {
  expect(secretTexts('{"user":{"password":"hunter-2"}}')).toContain("hunter-2");
  expect(secretTexts({ token: "abcd" })).toEqual(["abcd"]);
});

test("the secrets of a state are what was set and what was generated, and no names, addresses or public parts", () => {
  const secret = (value: unknown) => ({
    "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
    plaintext: JSON.stringify(value),
  });
  const certificate = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----";
  const connection = {
    address: "https://203.0.113.2:4646",
    caCertificate: certificate,
    token: "4f5ba3a0-b5ba-4ac8-8f5c-6a4d1d1a2d0b",
  };
  const state = {
    resources: [
      { outputs: { result: secret("generated-password"), certPem: certificate } },
      {
        outputs: {
          connection: secret(connection),
          volume: secret({ path: "/opt/nomad/host-volumes/state" }),
        },
      },
      { outputs: { items: secret({ key: "an-api-key-of-someone", job: "nginx", name: "nomad-server-1" }) } },
      { outputs: { name: "nomad-server-1" } },
    ],
  };
  expect(secretsOfState(state)).toEqual(["generated-password", connection.token, "an-api-key-of-someone"]);
});
