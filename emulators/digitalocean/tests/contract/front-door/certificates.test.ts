import { expect, test } from "vitest";
import type { CertificateIssuer } from "../../../index.ts";
import { certificateFields } from "../../certificate.ts";
import { edgeTests } from "../../edges.ts";
import { checkedOperations } from "../../openapi/answers.ts";
import { operations } from "../../openapi/operations.ts";
import { eventually, startEmulator } from "../../support.ts";

const { emulator, start, get, create, asked } = edgeTests();

interface Certificate {
  readonly id: string;
  readonly state: string;
  readonly dns_names: readonly string[];
  readonly sha1_fingerprint?: string;
  readonly not_after?: string;
}
const upload = async (fields: object) =>
  (await create<{ certificate: Certificate }>("/v2/certificates", { name: "own", ...fields })).certificate;
const certificateOf = async (id: string) =>
  (await get<{ certificate: Certificate }>(`/v2/certificates/${id}`)).certificate;

/** Signs for whatever it is asked, and remembers what that was. */
function issuer(failure?: string): CertificateIssuer & { readonly asked: (readonly string[])[] } {
  const asked: (readonly string[])[] = [];
  return {
    asked,
    issue: async (dnsNames) => {
      asked.push(dnsNames);
      if (failure !== undefined) throw new Error(failure);
      const { private_key, leaf_certificate } = await certificateFields(dnsNames);
      return { privateKey: private_key, leafCertificate: leaf_certificate, certificateChain: "" };
    },
  };
}

test("a certificate of one's own is verified at once, found by name, and its key is in no answer and no log", async () => {
  await start();
  const names = ["example.com", "www.example.com"];
  const fields = await certificateFields(names);
  const chain = (await certificateFields(["other.example"])).leaf_certificate;
  const made = await upload({ ...fields, type: "custom", certificate_chain: `${chain}\n${chain}` });
  expect(made).toMatchObject({ state: "verified", dns_names: names, type: "custom" });
  expect(made.sha1_fingerprint).toMatch(/^[0-9a-f]{40}$/);
  expect(new Date(made.not_after ?? "").getTime()).toBeGreaterThan(Date.now());
  expect(await get("/v2/certificates?name=own")).toMatchObject({ certificates: [{ id: made.id }] });
  expect(await get("/v2/certificates?name=none")).toMatchObject({ certificates: [] });
  const everything = JSON.stringify([
    await get("/v2/certificates"),
    (await emulator().call<object>("GET", "/_emulator/requests")).body,
  ]);
  expect(everything).not.toContain("PRIVATE KEY");
  expect(await asked("DELETE", `/v2/certificates/${made.id}`)).toBe(204);
  expect(await asked("GET", `/v2/certificates/${made.id}`)).toMatch(/^404/);
});

test("refuses what is no certificate with its key", async () => {
  await start();
  const fields = await certificateFields(["example.com"]);
  const { private_key } = await certificateFields(["example.com"]);
  const refused = (more: object) => asked("POST", "/v2/certificates", { name: "own", ...fields, ...more });
  expect(await refused({ private_key })).toMatch(/^422 private_key is not the key/);
  expect(await refused({ private_key: "text" })).toMatch(/^422 private_key cannot be read/);
  expect(await refused({ leaf_certificate: "text" })).toMatch(/^422 leaf_certificate cannot be read/);
  expect(await refused({ certificate_chain: "text" })).toMatch(/^422 certificate_chain cannot be read/);
  expect(await refused({ private_key: undefined })).toMatch(/^422 private_key is required/);
  expect(await refused({ type: "other" })).toMatch(/^422 type/);
  expect(await refused(await certificateFields(["example.com"], -1))).toMatch(/^422 .* has ended/);
  await upload(fields);
  expect(await refused({})).toMatch(/^422 .*another certificate/);
});

test("a certificate of Let's Encrypt is for domains of the account only, and needs an issuer", async () => {
  await start();
  await create("/v2/domains", { name: "example.com" });
  const order = (dns_names: readonly string[]) =>
    asked("POST", "/v2/certificates", { name: "blog", type: "lets_encrypt", dns_names });
  expect(await order([])).toMatch(/^422 dns_names is required/);
  expect(await order(["example.com", "example.net", "badexample.com"])).toMatch(
    /^422 .*\[example\.net, badexample\.com\]/,
  );
  expect(await order(["*.*.example.com"])).toMatch(/^422/);
  expect(await order(["www.example.com"])).toMatch(/^501 .*certificateIssuer/);
});

test("a certificate of Let's Encrypt is pending, then verified; a wildcard brings the name below it", async () => {
  const signing = issuer();
  await start({ certificateIssuer: signing });
  await create("/v2/domains", { name: "example.com" });
  const { id, state } = await upload({ type: "lets_encrypt", dns_names: ["*.Example.com"] });
  expect(state).toBe("pending");
  await eventually(async () =>
    expect(await certificateOf(id)).toMatchObject({
      ...{ state: "verified", type: "lets_encrypt", dns_names: ["*.example.com", "example.com"] },
      sha1_fingerprint: expect.stringMatching(/^[0-9a-f]{40}$/) as string,
    }),
  );
  expect(signing.asked).toEqual([["*.example.com", "example.com"]]);
});

test("a certificate that is not issued is in error", async () => {
  await start({ certificateIssuer: issuer("the name was not validated") });
  await create("/v2/domains", { name: "example.com" });
  const { id } = await upload({ type: "lets_encrypt", dns_names: ["example.com"] });
  await eventually(async () => expect((await certificateOf(id)).state).toBe("error"));
});

test("a restart goes on with a pending certificate", async () => {
  await start({ certificateIssuer: issuer(), delays: { certificate: 600_000 } });
  const { folder, hypervisor } = emulator();
  await create("/v2/domains", { name: "example.com" });
  const { id } = await upload({ type: "lets_encrypt", dns_names: ["example.com"] });
  const other = await startEmulator({ certificateIssuer: issuer() }, { folder, hypervisor });
  try {
    await eventually(async () => expect((await certificateOf(id)).state).toBe("verified"));
  } finally {
    await other.close();
  }
});

test("every operation of certificates was answered as described", async () => {
  checkedOperations.clear();
  await start();
  const { id } = await upload(await certificateFields(["example.com"]));
  await get("/v2/certificates");
  await certificateOf(id);
  await asked("DELETE", `/v2/certificates/${id}`);
  const ofThese = operations.filter((operation) => / \/v2\/certificates/.test(operation));
  expect(ofThese.filter((operation) => !checkedOperations.has(operation))).toEqual([]);
});
