import { mkdtemp, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { DomainRecord } from "../../../../emulators/digitalocean/index.ts";
import { startDnsServer } from "../../../../sandbox/domains/dns-server.ts";
import { sandboxNames } from "../../../../sandbox/domains/sandbox-names.ts";
import type { SandboxNames } from "../../../../sandbox/domains/sandbox-names.ts";
import { rootsFile } from "../../../../sandbox/settings.ts";

const record = (type: DomainRecord["type"], name: string, data: string): DomainRecord => ({
  ...{ id: 1, domain: "nomad.test", ttl: 300, type, name, data },
});

let server: Awaited<ReturnType<typeof startDnsServer>>;
let records: DomainRecord[];
let stateDir: string;
let names: SandboxNames;

beforeAll(async () => {
  const address = "127.0.0.1";
  server = await startDnsServer({ address, port: 0, records: () => records, log: () => undefined });
  stateDir = await mkdtemp(path.join(os.tmpdir(), "sandbox-names-"));
  names = sandboxNames({ stateDir }, address, Number(new URL(server.url).port));
  records = [
    record("SOA", "@", "1800"),
    record("A", "blog", "192.0.2.2"),
    record("A", "blog", "192.0.2.3"),
    record("TXT", "text", "x"),
  ];
});
afterAll(async () => {
  await server.close();
  await rm(stateDir, { recursive: true });
});

test("a name has the addresses that the account's records say at that moment", async () => {
  expect((await names.addressesOf("blog.nomad.test")).sort()).toEqual(["192.0.2.2", "192.0.2.3"]);
  records = [...records, record("A", "new", "192.0.2.4")];
  expect(await names.addressesOf("new.nomad.test")).toEqual(["192.0.2.4"]);
});

test.each(["none.nomad.test", "text.nomad.test", "example.com"])("%s has none", async (name) => {
  expect(await names.addressesOf(name)).toEqual([]);
});

test("a connection looks names up there, alone or all of them", async () => {
  const lookup = promisify(names.connection().lookup);
  expect(await lookup("new.nomad.test", {})).toBe("192.0.2.4");
  expect(await lookup("new.nomad.test", { all: true })).toEqual([{ address: "192.0.2.4", family: 4 }]);
  await expect(lookup("none.nomad.test", {})).rejects.toMatchObject({ code: "ENOTFOUND" });
});

test("a connection trusts who signed the sandbox's certificates, once one was issued", async () => {
  expect(names.connection().ca).toBeUndefined();
  await writeFile(rootsFile({ stateDir }), "PEM");
  expect(names.connection().ca).toBe("PEM");
});
