import path from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { sandboxSettings } from "../../../../sandbox/settings.ts";
import { installTool } from "../../../../sandbox/tools/install-tool.ts";
import { ensureSystemPackages } from "../../../../sandbox/tools/system-packages.ts";
import { nomad } from "../../../../sandbox/tools/tool-table.ts";
import { freePort, startNomadAgent } from "../../../support/nomad/dev-agent.ts";
import type { NomadAgent } from "../../../support/nomad/dev-agent.ts";
import { ask, registerService, runNginx, startUpstream } from "../../../support/nomad/nginx.ts";
import type { NomadNginx, Upstream } from "../../../support/nomad/nginx.ts";

const eventually = <Result>(expectation: () => Promise<Result>) =>
  vi.waitFor(expectation, { timeout: 40_000, interval: 100 });

let agent: NomadAgent;
let ghost: Upstream;
let nginx: NomadNginx;
let address: string;

const status = async (page: string) => (await ask(`${address}${page}`)).status;
const instances = async (service: string) =>
  ((await (await agent.call("GET", `/v1/service/${service}`)).json()) as unknown[]).length;

beforeAll(async () => {
  const { cacheDir } = sandboxSettings(path.resolve(import.meta.dirname, "../../../.."));
  await ensureSystemPackages(cacheDir, () => undefined);
  agent = await startNomadAgent((await installTool(nomad, cacheDir)).path);
  ghost = await startUpstream();
  await registerService(agent, "ghost", ghost.port);
  const httpPort = await freePort();
  address = `http://127.0.0.1:${httpPort}`;
  nginx = await runNginx(agent, { httpPort, tls: false, shutdownDelay: "1m" });
  await eventually(async () => expect(await status("/")).toBe(200));
});

afterAll(async () => {
  await agent.stop();
  await ghost.close();
});

test("an instance that is to end says so on its health page if there is another, and goes on answering until it ends", async () => {
  expect(await status("/nginx-health")).toBe(200);
  await agent.call("DELETE", "/v1/job/nginx");
  await eventually(async () => expect(await instances("nginx")).toBe(0));
  // Alone it is all that readers have.
  expect(await status("/nginx-health")).toBe(200);
  await registerService(agent, "nginx-peers", await freePort());
  await eventually(async () => expect(await status("/nginx-health")).toBe(503));
  expect(await status("/")).toBe(200);
  expect((await nginx.task()).State).toBe("running");
  await agent.call("DELETE", "/v1/job/nginx?no_shutdown_delay=true");
  await eventually(() => expect(ask(address)).rejects.toThrow("ECONNREFUSED"));
});
