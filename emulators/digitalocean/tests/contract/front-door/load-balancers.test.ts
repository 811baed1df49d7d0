import { expect, test } from "vitest";
import { certificateFields } from "../../certificate.ts";
import { edgeTests } from "../../edges.ts";
import { balancerFields as fields, httpRule as http, loadBalancerTests } from "../../load-balancers.ts";
import { checkedOperations } from "../../openapi/answers.ts";
import { operations } from "../../openapi/operations.ts";
import { activeDroplet, eventually } from "../../support.ts";

const tools = edgeTests();
const { emulator, start, get, create, asked } = tools;
const { active, balancerOf, make, running, settled, targets } = loadBalancerTests(tools);

test("it is new without an address, then active with one, and the hypervisor has it with everything resolved", async () => {
  await start();
  const droplet = await activeDroplet(emulator(), { tags: ["web"] });
  const made = await make({ project_id: "", vpc_uuid: droplet.vpc_uuid });
  expect(made).toMatchObject({ status: "new", ip: "", tag: "web", vpc_uuid: droplet.vpc_uuid, size_unit: 1 });
  await settled(made.id);
  const { ip } = await balancerOf(made.id);
  const configuration = running(made.id);
  expect(configuration).toMatchObject({
    name: "blog",
    publicAddress: ip,
    targets: [{ dropletId: droplet.id }],
  });
  const privateAddress = droplet.networks.v4.find(({ type }) => type === "private")?.ip_address;
  expect(configuration?.targets[0]?.address).toBe(privateAddress);
  expect([ip, configuration?.vpc.address]).not.toContain(privateAddress);
});

test("a droplet is a target while it has the tag", async () => {
  await start();
  const { id } = await active();
  expect(targets(id)).toEqual([]);
  const droplet = await activeDroplet(emulator(), { tags: ["web"] });
  await eventually(() => expect(targets(id)).toEqual([droplet.id]));
  const resources = { resources: [{ resource_id: String(droplet.id), resource_type: "droplet" }] };
  await asked("DELETE", "/v2/tags/web/resources", resources);
  await eventually(() => expect(targets(id)).toEqual([]));
  await asked("POST", "/v2/tags/web/resources", resources);
  await eventually(() => expect(targets(id)).toEqual([droplet.id]));
  expect((await balancerOf(id)).droplet_ids).toEqual([droplet.id]);
  await asked("DELETE", `/v2/droplets/${droplet.id}`);
  await eventually(() => expect(targets(id)).toEqual([]));
});

test("droplets named by their ids come and go, and leave with their deletion", async () => {
  await start();
  const one = await activeDroplet(emulator());
  const two = await activeDroplet(emulator());
  const { id, path } = await active({ tag: "", droplet_ids: [one.id] });
  expect(await asked("POST", `${path}/droplets`, { droplet_ids: [two.id] })).toBe(204);
  await eventually(() => expect(targets(id)).toEqual([one.id, two.id]));
  expect(await asked("POST", `${path}/droplets`, {})).toBe(
    "422 need to provide either a tag or a list of droplets",
  );
  await asked("DELETE", `/v2/droplets/${one.id}`);
  await eventually(() => expect(targets(id)).toEqual([two.id]));
  expect(await asked("DELETE", `${path}/droplets`, { droplet_ids: [two.id] })).toBe(204);
  await eventually(async () => expect((await balancerOf(id)).droplet_ids).toEqual([]));
});

test("refuses names, droplets, networks and projects that it cannot have", async () => {
  await start({ limits: { loadBalancers: 2 } });
  const { vpc } = await create<{ vpc: { id: string } }>("/v2/vpcs", { name: "net", region: "sgp1" });
  const elsewhere = await activeDroplet(emulator(), { vpc_uuid: vpc.id });
  const { path } = await active();
  const refused = (more: object) => asked("POST", "/v2/load_balancers", { ...fields, name: "two", ...more });
  expect(await refused({ name: "blog" })).toBe("422 name is not unique");
  expect(await refused({ tag: "", droplet_ids: [1] })).toMatch(/^422 .*no Droplet \[1\]/);
  expect(await refused({ tag: "", droplet_ids: [elsewhere.id] })).toMatch(/^422 .*not in the VPC/);
  expect(await refused({ vpc_uuid: "none" })).toMatch(/^422 vpc_uuid/);
  expect(await refused({ region: "nyc3", vpc_uuid: vpc.id })).toMatch(/^422 vpc_uuid/);
  expect(await refused({ region: "xyz1" })).toMatch(/^422 region/);
  expect(await refused({ region: undefined })).toMatch(/^501/);
  expect(await refused({ project_id: "none" })).toMatch(/^422 project_id/);
  expect(await asked("POST", `${path}/droplets`, { droplet_ids: [elsewhere.id] })).toMatch(/^422 .*its tag/);
  expect(await asked("PUT", path, { ...fields, vpc_uuid: vpc.id })).toMatch(/^422 vpc_uuid/);
  expect(await asked("PUT", path, { ...fields, region: "nyc3" })).toMatch(/^422 region/);
  expect(await refused({})).toBe(202);
  expect(await refused({ name: "three" })).toMatch(/^422 .*limit of 2 load balancers/);
});

test("an update says all, and what it does not say has its default again", async () => {
  await start();
  const { id, path } = await active({ redirect_http_to_https: true, http_idle_timeout_seconds: 90 });
  expect(await asked("PUT", path, { ...fields, name: "renamed", enable_proxy_protocol: true })).toBe(200);
  await eventually(() => expect(running(id)).toMatchObject({ name: "renamed", proxyProtocol: true }));
  expect(running(id)).toMatchObject({ redirectHttpToHttps: false, httpIdleTimeoutSeconds: 60 });
  expect(await asked("DELETE", path)).toBe(204);
  await eventually(() => expect(running(id)).toBe(undefined));
  expect(await asked("GET", path)).toMatch(/^404/);
});

test("a certificate in use is not deleted, and reaches the hypervisor with its key", async () => {
  await start();
  const pem = await certificateFields(["example.com"]);
  const { certificate } = await create<{ certificate: { id: string } }>("/v2/certificates", {
    name: "own",
    ...pem,
  });
  const https = { ...http, entry_protocol: "https", entry_port: 443, certificate_id: certificate.id };
  const { id, path } = await active({ forwarding_rules: [http, https] });
  expect(running(id)?.forwardingRules[1]?.certificate).toMatchObject({ privateKey: pem.private_key });
  expect(await asked("DELETE", `/v2/certificates/${certificate.id}`)).toBe(
    "403 Make sure the certificate is not in use before deleting it",
  );
  await eventually(async () =>
    expect(await asked("DELETE", `${path}/forwarding_rules`, { forwarding_rules: [https] })).toBe(204),
  );
  expect(await asked("DELETE", `/v2/certificates/${certificate.id}`)).toBe(204);
});

test.each([
  [false, ["@", "www"]],
  [true, []],
])(
  "names of a Let's Encrypt certificate get A records, unless that is disabled: %j",
  async (disabled, added) => {
    const issue = async (names: readonly string[]) => {
      const { private_key: privateKey, leaf_certificate: leafCertificate } = await certificateFields(names);
      return { privateKey, leafCertificate, certificateChain: "" };
    };
    await start({ certificateIssuer: { issue } });
    await create("/v2/domains", { name: "example.com" });
    const taken = { type: "A", name: "taken", data: "192.0.2.9" };
    await create("/v2/domains/example.com/records", taken);
    const { certificate } = await create<{ certificate: { id: string } }>("/v2/certificates", {
      ...{ name: "blog", type: "lets_encrypt" },
      dns_names: ["example.com", "www.example.com", "taken.example.com"],
    });
    await eventually(async () =>
      expect(await get(`/v2/certificates/${certificate.id}`)).toMatchObject({
        certificate: { state: "verified" },
      }),
    );
    const https = { ...http, entry_protocol: "https", entry_port: 443, certificate_id: certificate.id };
    const { id } = await active({ forwarding_rules: [https], disable_lets_encrypt_dns_records: disabled });
    const { ip } = await balancerOf(id);
    const { domain_records } = await get<{ domain_records: { name: string; data: string }[] }>(
      "/v2/domains/example.com/records?type=A",
    );
    expect(domain_records).toMatchObject([taken, ...added.map((name) => ({ name, data: ip }))]);
  },
);

test("a firewall rule that names it lets its private address in, for as long as it is there", async () => {
  await start();
  const droplet = await activeDroplet(emulator(), { tags: ["web"] });
  const { id, path } = await active();
  const inbound_rules = [{ protocol: "tcp", ports: "80", sources: { load_balancer_uids: [id] } }];
  const firewall = (more: object) =>
    asked("POST", "/v2/firewalls", { name: "nodes", tags: ["web"], inbound_rules, ...more });
  const unknown = [{ protocol: "tcp", ports: "80", sources: { load_balancer_uids: ["none"] } }];
  expect(await firewall({ inbound_rules: unknown })).toMatch(/^422 .*load_balancer_uids: .*\[none\]/);
  expect(await firewall({})).toBe(202);
  expect(await get("/v2/firewalls")).toMatchObject({ firewalls: [{ inbound_rules }] });
  const address = `${running(id)?.vpc.address}/32`;
  const inbound = () => emulator().hypervisor.firewalls.get(droplet.id)?.inbound;
  await eventually(() => expect(inbound()).toEqual([{ protocol: "tcp", ports: "80", addresses: [address] }]));
  await asked("DELETE", path);
  await eventually(() => expect(inbound()).toEqual([]));
});

test("every operation of load balancers was answered as described", async () => {
  checkedOperations.clear();
  await start({ edges: { busyLoadBalancer: false } });
  const droplet = await activeDroplet(emulator());
  const { path } = await active({
    ...{ tag: "", sticky_sessions: { type: "cookies", cookie_name: "DO-LB", cookie_ttl_seconds: 300 } },
    firewall: { allow: ["ip:192.0.2.1"], deny: ["cidr:192.0.2.0/24"] },
  });
  await get("/v2/load_balancers");
  const rules = { forwarding_rules: [{ ...http, entry_port: 81 }] };
  for (const method of ["POST", "DELETE"]) {
    expect(await asked(method, `${path}/droplets`, { droplet_ids: [droplet.id] })).toBe(204);
    expect(await asked(method, `${path}/forwarding_rules`, rules)).toBe(204);
  }
  expect(await asked("PUT", path, fields)).toBe(200);
  expect(await asked("DELETE", path)).toBe(204);
  const ofThese = operations.filter((operation) => / \/v2\/load_balancers/.test(operation));
  expect(ofThese.filter((operation) => !checkedOperations.has(operation))).toEqual([]);
});
