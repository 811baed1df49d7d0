import { afterEach, describe, expect, test, vi } from "vitest";
import { resourceChanges } from "../../../../providers/engine/diff-response.ts";
import { keptInputs } from "../../../../providers/engine/state.ts";
import type { Properties } from "../../../../providers/engine/values.ts";
import { locallySignedCert, selfSignedCert } from "../../../../sandbox/offline/plugins/tls/certificates.ts";
import { privateKey } from "../../../../sandbox/offline/plugins/tls/private-key.ts";

const operation = { signal: new AbortController().signal };

async function key(ecdsaCurve: string): Promise<Properties> {
  return (await privateKey.create(undefined, { algorithm: "ECDSA", ecdsaCurve }, operation)).outputs;
}

async function certificate(earlyRenewalHours: number): Promise<{ inputs: Properties; state: Properties }> {
  const { privateKeyPem } = await key("P256");
  const inputs = { privateKeyPem, validityPeriodHours: 10, earlyRenewalHours, allowedUses: ["server_auth"] };
  const { outputs } = await selfSignedCert.create(undefined, inputs, operation);
  return { inputs, state: { ...keptInputs(selfSignedCert, inputs), ...outputs } };
}

const changes = ({ inputs, state }: { inputs: Properties; state: Properties }) =>
  resourceChanges(selfSignedCert, undefined, state, inputs, []);

describe("a certificate", () => {
  afterEach(() => {
    vi.useRealTimers();
  });

  test("is replaced as soon as its early renewal hours have begun, without a refresh", async () => {
    const made = await certificate(2);
    expect(made.state["readyForRenewal"]).toBe(false);
    expect(await changes(made)).toEqual([]);
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 8.5 * 3_600_000 });
    expect(await changes(made)).toEqual([{ path: "readyForRenewal", kind: "update", replaces: true }]);
    const found = await selfSignedCert.read(undefined, "1", made.state, operation);
    expect(found?.outputs["readyForRenewal"]).toBe(true);
  });

  test("says at once that it is ready when its early renewal hours are all it has", async () => {
    expect((await certificate(10)).state["readyForRenewal"]).toBe(true);
  });

  test("names the input that cannot be read", async () => {
    const { privateKeyPem: caPrivateKeyPem } = await key("P256");
    const inputs = { caPrivateKeyPem, caCertPem: "garbage", certRequestPem: "garbage", allowedUses: [] };
    await expect(locallySignedCert.create(undefined, inputs, operation)).rejects.toThrow(
      /^caCertPem cannot be read/,
    );
  });
});

describe("a P224 key", () => {
  test("is made", async () => {
    expect((await key("P224"))["privateKeyPem"]).toMatch(/^-----BEGIN EC PRIVATE KEY-----/);
  });

  test("does not sign, and the error says so", async () => {
    const { privateKeyPem } = await key("P224");
    const inputs = { privateKeyPem, validityPeriodHours: 1, allowedUses: [] };
    await expect(selfSignedCert.create(undefined, inputs, operation)).rejects.toThrow("not P224");
  });
});
