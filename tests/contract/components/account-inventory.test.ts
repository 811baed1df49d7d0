import { afterEach, describe, expect, test } from "vitest";
import { readInventory } from "../../../components/clients/digitalocean/account.ts";
import { DigitalOceanClient } from "../../../components/clients/digitalocean/client.ts";
import { testAuthority } from "../../support/certificate-authority.ts";
import { startEmulator, token } from "../../support/digitalocean-emulator.ts";
import { sshPublicKey } from "../../support/digitalocean/ssh-public-key.ts";
import type { TestEmulator } from "../../support/digitalocean-emulator.ts";

let emulator: TestEmulator;
afterEach(() => emulator.close());

const request = { region: "sgp1", image: "debian-12-x64", sshKeys: ["1"], sshPublicKeys: [] };
const clientOf = ({ url }: TestEmulator, given = token) =>
  new DigitalOceanClient({ endpoint: url, token: given });

describe("what the account has", () => {
  test("is read as the API answers it", async () => {
    emulator = await startEmulator();
    const made = async <Body>(path: string, body: object) => {
      const answer = await emulator.call<Body>("POST", path, body);
      expect(answer.status, JSON.stringify(answer.body)).toBeLessThan(300);
      return answer.body;
    };
    const { droplet } = await made<{ droplet: { id: number } }>("/v2/droplets", {
      ...{ name: "web", region: "sgp1", size: "s-1vcpu-1gb", image: "debian-12-x64", tags: ["web"] },
    });
    // An active droplet may have an action under way still, and refuses an address until that ends.
    await expect
      .poll(
        async () => {
          const path = `/v2/droplets/${droplet.id}/actions`;
          const { body } = await emulator.call<{ actions: { type: string; status: string }[] }>("GET", path);
          return body.actions.map(({ type, status }) => `${type} ${status}`);
        },
        { timeout: 30_000 },
      )
      .toEqual(["droplet_metadata_create completed", "create completed"]);
    await made("/v2/reserved_ips", { region: "fra1" });
    await made("/v2/reserved_ips", { droplet_id: droplet.id });
    const volume = { name: "data", region: "sgp1", size_gigabytes: 1 };
    await made("/v2/volumes", volume);
    await made("/v2/volumes", { ...volume, region: "fra1", name: "elsewhere" });
    await made("/v2/account/keys", { name: "laptop", public_key: sshPublicKey(1) });

    const { certificate, privateKey } = await (await testAuthority()).issue("blog", ["blog.example.com"], []);
    const custom = { type: "custom", private_key: privateKey, leaf_certificate: certificate };
    const shown = await made<{ certificate: { id: string } }>("/v2/certificates", {
      name: "blog",
      ...custom,
    });
    const rule = { entry_protocol: "http", entry_port: 80, target_protocol: "http", target_port: 80 };
    const secure = { entry_protocol: "https", entry_port: 443, certificate_id: shown.certificate.id };
    await made("/v2/load_balancers", {
      ...{ name: "blog", region: "sgp1", tag: "web", forwarding_rules: [rule, { ...rule, ...secure }] },
    });

    await made("/v2/domains", { name: "example.com" });
    const record = { type: "A", name: "blog", data: "192.0.2.1" };
    for (const more of [{}, { name: "www" }, { type: "TXT", data: "text" }])
      await made("/v2/domains/example.com/records", { ...record, ...more });

    const read = (loadBalancer = {}, domain?: { name: string; zone: string }) =>
      readInventory(clientOf(emulator), { ...request, loadBalancer, ...(domain && { domain }) });
    const nothing = { certificates: [], domains: [], addressRecords: [] };
    expect(await read()).toMatchObject(nothing);
    const id = expect.any(String) as string;
    const listed = {
      ...{ id, name: "blog", state: "verified", type: "custom", dnsNames: ["blog.example.com"] },
      notAfter: expect.stringMatching(/^\d{4}-\d\d-\d\dT/) as string,
    };
    const certificates = [listed];
    expect((await read()).loadBalancers).toEqual([
      { id, name: "blog", certificateIds: [shown.certificate.id] },
    ]);
    expect((await read({ certificateName: "shop" })).certificates).toEqual(certificates);
    const domains = [{ name: "example.com" }];
    const domain = { name: "blog.example.com", zone: "example.com" };
    expect(await read({}, domain)).toMatchObject({
      ...{ certificates, domains, addressRecords: [{ id, type: "A", data: "192.0.2.1" }] },
    });
    expect(await read({}, { ...domain, zone: "example.org" })).toMatchObject({ domains, addressRecords: [] });
    await expect.poll(async () => (await read()).reservedAddresses[1]?.droplet?.name).toBe("web");
    expect(await read()).toMatchObject({
      image: {
        slug: "debian-12-x64",
        distribution: "Debian",
        status: "available",
        minDiskSize: expect.any(Number) as number,
      },
      debianImages: [],
      sshKeys: [
        { name: "laptop", fingerprint: expect.stringMatching(/^([0-9a-f]{2}:){15}[0-9a-f]{2}$/) as string },
      ],
      vpcs: [{ name: "default-sgp1", region: "sgp1", ipRange: "10.104.0.0/20" }],
      reservedAddresses: [
        { region: "fra1" },
        { region: "sgp1", droplet: { id: expect.any(Number) as number, name: "web" } },
      ],
      volumes: [{ name: "data", dropletIds: [] }],
    });
  });

  test("has Debian's images where the one that is wanted is none", async () => {
    emulator = await startEmulator();
    const { image, debianImages } = await readInventory(clientOf(emulator), {
      ...request,
      image: "debian-12-x46",
    });
    expect(image).toBeUndefined();
    expect(debianImages).toEqual(["debian-12-x64", "debian-13-x64"]);
  });

  test("is read to its last page", async () => {
    emulator = await startEmulator({ rateLimit: { perMinute: 1000 } });
    for (let number = 1; number <= 201; number += 1)
      await emulator.call("POST", "/v2/account/keys", {
        name: `key ${number}`,
        public_key: sshPublicKey(number),
      });
    const { sshKeys } = await readInventory(clientOf(emulator), request);
    expect(sshKeys).toHaveLength(201);
    expect(sshKeys.at(-1)?.name).toBe("key 201");
  });

  test("is read without the SSH keys where none is wanted: ten lists of them a minute are answered", async () => {
    emulator = await startEmulator();
    await readInventory(clientOf(emulator), { ...request, sshKeys: [] });
    const { body } = await emulator.call<{ requests: { path: string }[] }>("GET", "/_emulator/requests");
    const paths = body.requests.map(({ path }) => path);
    expect(paths.some((path) => path.startsWith("/v2/vpcs"))).toBe(true);
    expect(paths.some((path) => path.startsWith("/v2/account/keys"))).toBe(false);
  });

  test("is not read with a wrong token", async () => {
    emulator = await startEmulator();
    await expect(readInventory(clientOf(emulator, "wrong"), request)).rejects.toThrow(/answered 401/);
  });
});
