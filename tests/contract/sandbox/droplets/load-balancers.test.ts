import { mkdtempSync, rmSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { Agent, request } from "node:http";
import os from "node:os";
import path from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import type { HypervisorLoadBalancer } from "../../../../emulators/digitalocean/index.ts";
import { removeBridges } from "../../../../sandbox/droplets/all-droplets.ts";
import { haproxyConfiguration } from "../../../../sandbox/droplets/load-balancers/haproxy-configuration.ts";
import { LoadBalancers } from "../../../../sandbox/droplets/load-balancers/load-balancers.ts";
import { serverStates } from "../../../../sandbox/droplets/load-balancers/server-states.ts";
import { port, vpcBridge } from "../../../../sandbox/droplets/names.ts";
import { ensureBridge, ensurePublicNetwork } from "../../../../sandbox/droplets/network/public-network.ts";
import type { PublicNetwork } from "../../../../sandbox/droplets/network/public-network.ts";
import { publicNetwork, sandboxSettings } from "../../../../sandbox/settings.ts";
import { testAuthority } from "../../../support/certificate-authority.ts";
import { httpRule, loadBalancer } from "../../../support/digitalocean/load-balancer.ts";
import { missingForDroplets } from "./requirements.ts";

const missing = await missingForDroplets();
if (missing) console.warn(`load balancers are not tested: ${missing}`);

/** Says who it is and what it was told; what asks for /held is answered when somebody asks for /release. */
const target = `
  const held = [];
  require("node:http").createServer((request, response) => {
    if (request.url === "/held") return held.push(response.writeHead(200)) && response.flushHeaders();
    if (request.url === "/release") for (const one of held.splice(0)) one.end("released");
    const { remoteAddress } = request.socket;
    response.end(JSON.stringify({ name: process.argv[1], remoteAddress, headers: request.headers }));
  }).listen(8080);
`;

interface Seen {
  readonly name: string;
  readonly remoteAddress: string;
  readonly headers: Readonly<Record<string, string>>;
}

describe.skipIf(missing !== undefined)(`load balancers${missing ? ` (skipped: ${missing})` : ""}`, () => {
  const clone = mkdtempSync(path.join(os.tmpdir(), "load-balancers-"));
  const settings = sandboxSettings(clone);
  const ended = new AbortController();
  let network: PublicNetwork;
  let balancers: LoadBalancers;
  let pem: { readonly certificate: string; readonly privateKey: string };
  let balancer: HypervisorLoadBalancer;

  const addressOf = (id: number) => `10.20.0.${id + 1}`;
  const targets = (...ids: number[]) => ids.map((id) => ({ dropletId: id, address: addressOf(id) }));
  const namespaceOf = (id: number) => `target-${settings.id}-${id}`;

  async function startTarget(id: number): Promise<void> {
    const [namespace, cable] = [namespaceOf(id), port("q", settings.id, id)];
    const inNamespace = ["netns", "exec", namespace];
    await execa("ip", ["netns", "add", namespace]);
    await execa("ip", ["link", "add", cable, "type", "veth", "peer", "name", "eth1", "netns", namespace]);
    await execa("ip", ["link", "set", cable, "master", vpcBridge(settings.id, "vpc"), "up"]);
    await execa("ip", [...inNamespace, "ip", "address", "add", `${addressOf(id)}/24`, "dev", "eth1"]);
    for (const device of ["lo", "eth1"])
      await execa("ip", [...inNamespace, "ip", "link", "set", device, "up"]);
    const node = [process.execPath, "-e", target, `target-${id}`];
    void execa("ip", [...inNamespace, ...node], { cancelSignal: ended.signal, reject: false });
  }

  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  /** One request by a connection that is kept, as a browser's; rejects when it is cut. */
  const get = (url: string) =>
    new Promise<{ status: number | undefined; body: string }>((resolve, reject) => {
      const asked = request(url, { agent }, (response) => {
        let body = "";
        response.on("data", (part: Buffer) => (body += part.toString()));
        response.on("end", () => resolve({ status: response.statusCode, body }));
        response.on("error", reject);
      });
      asked.on("error", reject);
      asked.end();
    });
  const curl = async (...options: string[]) =>
    (await execa("curl", ["--silent", "--max-time", "10", ...options], { reject: false })).stdout;
  const seen = async () => JSON.parse(await curl(`http://${balancer.publicAddress}:81/`)) as Seen;
  /** Who answers so many requests. */
  const answering = async (requests = 8) => {
    const names = new Set<string>();
    for (let count = 0; count < requests; count++) names.add((await seen()).name);
    return [...names].sort();
  };
  const nowAnswering = (...names: string[]) =>
    vi.waitFor(async () => expect(await answering()).toEqual(names), { timeout: 60_000, interval: 500 });

  beforeAll(async () => {
    network = await ensurePublicNetwork(settings);
    balancers = new LoadBalancers(settings, network);
    pem = await (await testAuthority()).issue("blog", ["blog.example.com"], []);
    await ensureBridge(vpcBridge(settings.id, "vpc"));
    for (const id of [1, 2]) await startTarget(id);
    const certificate = {
      leafCertificate: pem.certificate,
      privateKey: pem.privateKey,
      certificateChain: "",
    };
    balancer = loadBalancer({
      publicAddress: `${publicNetwork(network.slot).prefix}.20`,
      targets: targets(1, 2),
      forwardingRules: [
        httpRule,
        { ...httpRule, entryPort: 81 },
        { ...httpRule, entryProtocol: "http2", entryPort: 443, certificate },
      ],
      redirectHttpToHttps: true,
      healthCheck: { ...loadBalancer().healthCheck, healthyThreshold: 2 },
    });
    await balancers.set(balancer);
  }, 60_000);
  afterAll(async () => {
    ended.abort();
    agent.destroy();
    await balancers.remove(balancer.id);
    for (const id of [1, 2]) await execa("ip", ["netns", "delete", namespaceOf(id)], { reject: false });
    await removeBridges(settings);
    rmSync(clone, { recursive: true });
  });

  test("targets are used in turn once their checks have passed, and are told of the client", async () => {
    expect(await curl(`http://${balancer.publicAddress}:81/`)).toContain("503");
    await nowAnswering("target-1", "target-2");
    const { remoteAddress, headers } = await seen();
    expect(remoteAddress).toBe(`::ffff:${balancer.vpc.address}`);
    expect(headers).toMatchObject({
      ...{ "x-forwarded-for": network.gateway, "x-forwarded-proto": "http", "x-forwarded-port": "81" },
    });
  });

  test("TLS ends here, and HTTP is redirected to it", async () => {
    const url = "blog.example.com";
    const resolve = [
      "--resolve",
      `${url}:443:${balancer.publicAddress}`,
      "--resolve",
      `${url}:80:${balancer.publicAddress}`,
    ];
    const format = ["--output", "/dev/null", "--write-out", "%{http_code} %{redirect_url}"];
    expect(await curl(...resolve, ...format, `http://${url}/post`)).toBe(`307 https://${url}/post`);
    const secure = await curl(...resolve, "--insecure", "--write-out", " %{http_version}", `https://${url}/`);
    expect(secure).toMatch(/"x-forwarded-proto":"https".* 2$/);
  });

  test("a target that is not up yet gets nothing, and the others go on at once", async () => {
    await balancers.set({ ...balancer, targets: targets(1, 2, 3) });
    expect(await answering(12)).toEqual(["target-1", "target-2"]);
  });

  test("a target that leaves finishes what it has and gets nothing new", async () => {
    await balancers.set({ ...balancer, targets: targets(1) });
    const held = get(`http://${balancer.publicAddress}:81/held`);
    await balancers.set({ ...balancer, targets: targets(1, 2) });
    await nowAnswering("target-1", "target-2");
    await balancers.set({ ...balancer, targets: targets(2) });
    expect(await answering()).toEqual(["target-2"]);
    await execa("ip", ["netns", "exec", namespaceOf(1), "curl", "-s", "http://127.0.0.1:8080/release"]);
    expect(await held).toEqual({ status: 200, body: "released" });
  });

  test("no request fails while its configuration changes, neither on a kept connection nor on new ones", async () => {
    await balancers.set({ ...balancer, targets: targets(1, 2) });
    await nowAnswering("target-1", "target-2");
    const url = `http://${balancer.publicAddress}:81/`;
    const statuses: unknown[] = [];
    let changing = true;
    const asking = [
      get,
      (target: string) => curl("--output", "/dev/null", "--write-out", "%{http_code}", target),
    ].map(async (ask) => {
      while (changing) {
        const answer = await ask(url).catch((error: unknown) => String(error));
        statuses.push(typeof answer === "string" ? answer : String(answer.status));
      }
    });
    for (const httpIdleTimeoutSeconds of [61, 62, 63, 64])
      await balancers.set({ ...balancer, httpIdleTimeoutSeconds });
    changing = false;
    await Promise.all(asking);
    expect(statuses.length).toBeGreaterThan(20);
    expect(statuses.filter((status) => status !== "200")).toEqual([]);
  });

  test.each<[string, Partial<HypervisorLoadBalancer>]>([
    [
      "everything at once",
      {
        algorithm: "least_connections",
        proxyProtocol: true,
        backendKeepalive: true,
        tlsCipherPolicy: "STRONG",
      },
    ],
    ["sticky sessions", { stickySessions: { cookie: { name: "DO-LB", ttlSeconds: 300 } } }],
    [
      "rules for sources",
      { firewall: { allow: ["cidr:192.0.2.0/24"], deny: ["ip:192.0.2.1", "ip:2001:db8::1"] } },
    ],
    [
      "TCP, checked by TCP",
      {
        forwardingRules: [{ ...httpRule, entryProtocol: "tcp", targetProtocol: "tcp" }],
        healthCheck: { ...loadBalancer().healthCheck, protocol: "tcp", path: "" },
      },
    ],
    [
      "TLS that is passed through, checked by HTTPS",
      {
        forwardingRules: [
          { ...httpRule, entryProtocol: "https", targetProtocol: "https", tlsPassthrough: true },
        ],
        healthCheck: { ...loadBalancer().healthCheck, protocol: "https" },
      },
    ],
    ["no target", { targets: [] }],
  ])("HAProxy takes the configuration of %s, without a warning", async (_what, fields) => {
    const file = path.join(clone, "haproxy.cfg");
    const certificate = path.join(clone, "port.pem");
    await writeFile(certificate, `${pem.certificate}\n${pem.privateKey}\n`, { mode: 0o600 });
    const states = path.join(clone, "server-states");
    await writeFile(states, serverStates([]));
    const files = {
      socket: path.join(clone, "s"),
      serverStates: states,
      certificate: () => certificate,
    };
    await writeFile(file, haproxyConfiguration({ ...balancer, ...fields }, files));
    const { exitCode, stderr } = await execa("haproxy", ["-c", "-f", file], { reject: false });
    expect([exitCode, stderr.replaceAll(/^.*(NOTICE|Configuration file is valid).*\n?/gm, "")]).toEqual([
      0,
      "",
    ]);
  });

  test("one that is removed listens no more", async () => {
    await balancers.remove(balancer.id);
    expect((await execa("ip", ["netns", "list"])).stdout).not.toContain(balancer.id);
    await balancers.remove(balancer.id);
  });
});
