import path from "node:path";
import { setTimeout } from "node:timers/promises";
import tls from "node:tls";
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { sandboxSettings } from "../../../../sandbox/settings.ts";
import { installTool } from "../../../../sandbox/tools/install-tool.ts";
import { ensureSystemPackages } from "../../../../sandbox/tools/system-packages.ts";
import { nomad } from "../../../../sandbox/tools/tool-table.ts";
import { testAuthority } from "../../../support/certificate-authority.ts";
import type { TestAuthority } from "../../../support/certificate-authority.ts";
import { freePort, startNomadAgent } from "../../../support/nomad/dev-agent.ts";
import type { NomadAgent } from "../../../support/nomad/dev-agent.ts";
import { ask, registerService, runNginx, setVariable, startUpstream } from "../../../support/nomad/nginx.ts";
import type { Answer, NomadNginx, Upstream } from "../../../support/nomad/nginx.ts";

const holdingPage = '<p>Back soon: {{ with "braces" }} {{{ and $host }}</p>';
const eventually = <Result>(expectation: () => Promise<Result>) =>
  vi.waitFor(expectation, { timeout: 40_000, interval: 100 });

let agent: NomadAgent;
let ghost: Upstream;
let movedGhost: Upstream;
let nginx: NomadNginx;
let address: string;

/** Moves the service to an upstream, and waits until nginx has noticed. */
async function serviceAt({ port }: Upstream, site = address, ca?: string): Promise<void> {
  await registerService(agent, "ghost", port);
  await eventually(async () => {
    // Several times, since a worker from before the reload may take a connection still.
    for (let time = 0; time < 10; time += 1) {
      const { status, body } = await ask(site, { ca });
      expect([status, status === 200 && (JSON.parse(body) as { port: number }).port]).toEqual([200, port]);
      await setTimeout(50);
    }
  });
}

function expectHoldingPage(answer: Answer): void {
  expect(answer).toMatchObject({ status: 503, body: holdingPage });
  expect(answer.headers).toMatchObject({
    "retry-after": expect.stringMatching(/^\d+$/) as string,
    "cache-control": "no-store",
    "content-type": "text/html; charset=utf-8",
  });
}

async function expectNeverRestarted(): Promise<void> {
  const { Restarts, Events } = await nginx.task();
  expect(Restarts).toBe(0);
  expect(Events.map(({ Type }) => Type)).not.toContain("Terminated");
}

beforeAll(async () => {
  const { cacheDir } = sandboxSettings(path.resolve(import.meta.dirname, "../../../.."));
  await ensureSystemPackages(cacheDir, () => undefined);
  agent = await startNomadAgent((await installTool(nomad, cacheDir)).path);
  ghost = await startUpstream();
  movedGhost = await startUpstream();
  const httpPort = await freePort();
  address = `http://127.0.0.1:${httpPort}`;
  nginx = await runNginx(agent, { httpPort, tls: false, maxBodySize: 1, holdingPage });
  await eventually(async () => expect((await ask(`${address}/nginx-health`)).status).toBe(200));
});

afterAll(async () => {
  await agent.stop();
  await Promise.all([ghost.close(), movedGhost.close()]);
});

describe("nginx while no instance of its service is registered", () => {
  test("shows the holding page, as it was given, whatever is asked and however", async () => {
    expectHoldingPage(await ask(address));
    expectHoldingPage(await ask(`${address}/members/api/`, { method: "POST" }, Buffer.from("{}")));
  });

  test("runs without a complaint about its configuration", async () => {
    expect(await nginx.log("stderr")).not.toMatch(/\[(warn|emerg|alert)\]/);
  });
});

describe("nginx in front of its service", () => {
  beforeEach(() => serviceAt(ghost));

  test("tells the upstream who asked for what, and believes nothing that the client says of it", async () => {
    const spoofed = {
      Host: "blog.example",
      "X-Forwarded-For": "198.51.100.7",
      "X-Real-IP": "198.51.100.7",
      "X-Forwarded-Proto": "https",
      "X-Forwarded-Host": "evil.example",
      Forwarded: "for=198.51.100.7",
    };
    const { headers } = JSON.parse((await ask(address, { headers: spoofed })).body) as { headers: object };
    expect(headers).toMatchObject({
      host: "blog.example",
      "x-forwarded-for": "127.0.0.1",
      "x-real-ip": "127.0.0.1",
      "x-forwarded-proto": "http",
      "x-forwarded-host": "blog.example",
    });
    expect(headers).not.toHaveProperty("forwarded");
  });

  test("passes the upstream's own 404", async () => {
    expect(await ask(`${address}/missing`)).toMatchObject({ status: 404, body: "the upstream's own 404" });
  });

  test("refuses a larger body than it may be, and passes one that is not", async () => {
    const send = (bytes: number) => ask(address, { method: "POST" }, Buffer.alloc(bytes));
    expect((await send(1024 * 1024)).status).toBe(200);
    const refused = await send(1024 * 1024 + 1);
    expect(refused).toMatchObject({ status: 413, headers: { server: "nginx" } });
    expect(refused.body).not.toMatch(/nginx\/\d/);
  });

  test("names no version of anything", async () => {
    const { headers } = await ask(address);
    expect(headers["server"]).toBe("nginx");
    expect(headers).not.toHaveProperty("x-powered-by");
  });

  test("answers for its own health without the upstream, and writes no log of it", async () => {
    await ask(`${address}/welcome?token=canary-token`);
    expect((await ask(`${address}/nginx-health`)).status).toBe(200);
    await eventually(async () => expect(await nginx.log("stdout")).toMatch(/GET \/welcome HTTP.* 200 /));
    expect(await nginx.log("stdout")).not.toMatch(/nginx-health|canary-token/);
    expect(ghost.asked).not.toContain("/nginx-health");
  });

  test("shows the holding page while the instance does not answer, and then what it answers again", async () => {
    await ghost.close();
    expectHoldingPage(await ask(address));
    expect((await ask(`${address}/nginx-health`)).status).toBe(200);
    await ghost.open();
    expect((await ask(address)).status).toBe(200);
  });

  test("follows the service to another place without dropping a request that is under way", async () => {
    const held = ghost.held();
    // Nobody is asked a second time what may have an effect, however long it takes.
    const underWay = ask(`${address}/held`, { method: "POST" });
    const release = await held;
    await serviceAt(movedGhost);
    release();
    expect(JSON.parse((await underWay).body)).toMatchObject({ port: ghost.port });
    await expectNeverRestarted();
    const said = (await nginx.task()).Events.map(({ DisplayMessage }) => DisplayMessage);
    expect(said).toContainEqual(expect.stringMatching(/successfully ran script.*Exit code: 0/));
  });

  test("lets other administrators in without a restart", async () => {
    expect((await ask(`${address}/ghost/`)).status).toBe(403);
    await nginx.configure({ adminCidrs: ["127.0.0.1/32"] });
    await eventually(async () => expect((await ask(`${address}/ghost/`)).status).toBe(200));
    await expectNeverRestarted();
  });

  test("shows the holding page when the service is gone, until it is back", async () => {
    await agent.call("DELETE", "/v1/job/ghost?purge=true");
    await eventually(async () => expectHoldingPage(await ask(address)));
    await serviceAt(ghost);
    await expectNeverRestarted();
  });
});

describe("nginx with TLS", () => {
  let authority: TestAuthority;
  let site: string;
  let plainAddress: string;
  const newCertificate = async () => {
    const pair = await authority.issue("localhost", ["localhost"], ["127.0.0.1"]);
    await setVariable(agent, "edge", { ...pair });
    return pair.certificate;
  };
  const handshake = () =>
    new Promise<{ certificate: string; protocol: string | false | null }>((resolve, reject) => {
      const { port } = new URL(site);
      const socket = tls.connect(
        {
          port: Number(port),
          host: "127.0.0.1",
          ca: authority.caCertificate,
          ALPNProtocols: ["h2", "http/1.1"],
        },
        () => {
          resolve({
            certificate: socket.getPeerX509Certificate()!.toString(),
            protocol: socket.alpnProtocol,
          });
          socket.destroy();
        },
      );
      socket.on("error", reject);
    });

  beforeAll(async () => {
    authority = await testAuthority();
    await newCertificate();
    const [httpPort, httpsPort] = [await freePort(), await freePort()];
    [plainAddress, site] = [`http://127.0.0.1:${httpPort}`, `https://127.0.0.1:${httpsPort}`];
    nginx = await runNginx(agent, { jobId: "edge", httpPort, httpsPort, tls: true, holdingPage });
    await eventually(async () => expect((await ask(`${plainAddress}/nginx-health`)).status).toBe(200));
  });

  test("answers to https, with HTTP/2 for those who can, and tells the upstream", async () => {
    await serviceAt(ghost, site, authority.caCertificate);
    const { body } = await ask(site, { ca: authority.caCertificate });
    expect(JSON.parse(body)).toMatchObject({ headers: { "x-forwarded-proto": "https" } });
    expect((await handshake()).protocol).toBe("h2");
  });

  test("sends every http request to the same place on https, but for its own health", async () => {
    const answer = await ask(`${plainAddress}/post/?page=2`, { method: "POST" });
    expect([answer.status, answer.headers.location]).toEqual([308, `${site}/post/?page=2`]);
    expect((await ask(`${plainAddress}/nginx-health`)).status).toBe(200);
  });

  test("serves a changed certificate without a restart", async () => {
    const renewed = await newCertificate();
    await eventually(async () => expect((await handshake()).certificate.trim()).toBe(renewed.trim()));
    await expectNeverRestarted();
  });

  test("ends a request that is under way before it stops", async () => {
    await serviceAt(ghost, site, authority.caCertificate);
    const held = ghost.held();
    const underWay = ask(`${site}/held`, { ca: authority.caCertificate, method: "POST" });
    const release = await held;
    await agent.call("DELETE", "/v1/job/edge");
    await eventually(() => expect(ask(plainAddress)).rejects.toThrow("ECONNREFUSED"));
    release();
    expect((await underWay).status).toBe(200);
  });
});
