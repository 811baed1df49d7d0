import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { nginxImage } from "../../../../sandbox/offline/images/nginx-image.ts";
import { sandboxSettings } from "../../../../sandbox/settings.ts";
import { ensureDockerDaemon } from "../../../../sandbox/tools/docker-daemon.ts";
import { docker, removeContainer, startContainer } from "./container.ts";
import type { Container } from "./container.ts";

const { cacheDir, id } = sandboxSettings(path.resolve(import.meta.dirname, "../../../.."));
const name = `nginx-image-test-${id}`;
const folder = mkdtempSync(path.join(os.tmpdir(), "nginx-conf-"));
const fileBytes = 400_000;
let nginx: Container;

beforeAll(async () => {
  await ensureDockerDaemon(cacheDir, () => undefined);
  const standIn = await nginxImage(cacheDir);
  await docker("load", "--input", standIn.archive);
  // The workers read from it as another user.
  chmodSync(folder, 0o755);
  writeConfiguration("first");
  writeFileSync(path.join(folder, "slow.bin"), "x".repeat(fileBytes));
  nginx = await startContainer(name, standIn.localName, 80, ["--volume", `${folder}:/etc/nginx/conf.d:ro`]);
  await vi.waitFor(async () => expect(await answer()).toBe("first"), 60_000);
}, 600_000);

afterAll(async () => {
  await removeContainer(name);
  rmSync(folder, { recursive: true });
});

function writeConfiguration(text: string): void {
  const server = `server {
    listen 80;
    location = / { default_type text/plain; return 200 "${text}"; }
    location = /slow.bin { root /etc/nginx/conf.d; limit_rate 100k; limit_rate_after 1k; }
    location = /proxied { proxy_pass http://127.0.0.1/; }
  }`;
  writeFileSync(path.join(folder, "default.conf"), server);
}

async function answer(): Promise<string> {
  return (await fetch(nginx.url)).text();
}

it("has the paths and the user that a configuration for the official image names", async () => {
  const inside = (command: string) => docker("exec", name, "sh", "-c", command);
  expect(await inside("id -u nginx; id -g nginx")).toBe("101\n101");
  expect(await inside("grep -c text/html /etc/nginx/mime.types")).toBe("1");
  expect(
    await inside("ls -d /var/cache/nginx /run/nginx.pid /usr/share/nginx/html/index.html"),
  ).not.toContain("cannot access");
  expect(await inside("nginx -t")).toContain("test is successful");
});

it("runs its workers as nginx and proxies through its cache folder", async () => {
  expect(await (await fetch(`${nginx.url}/proxied`)).text()).toBe("first");
  const owners = await docker("top", name, "-eo", "pid,uid,args");
  expect(owners).toMatch(/^\d+\s+101\s+nginx: worker process$/m);
  expect(owners).toMatch(/^\d+\s+0\s+nginx: master process nginx -g daemon off;$/m);
});

it("writes its logs to the container's", async () => {
  await fetch(`${nginx.url}/not-there`);
  await vi.waitFor(async () => {
    const logs = await nginx.logs();
    expect(logs).toContain('"GET /not-there HTTP/1.1" 404');
    expect(logs).toContain("[error]");
  }, 60_000);
});

it("takes a new configuration on SIGHUP with the same first process", async () => {
  writeConfiguration("second");
  await docker("kill", "--signal", "HUP", name);
  await vi.waitFor(async () => expect(await answer()).toBe("second"), 60_000);
  expect(await docker("inspect", "--format", "{{.RestartCount}} {{.State.Running}}", name)).toBe("0 true");
});

it("answers what it has begun before it ends when it is stopped", async () => {
  const response = await fetch(`${nginx.url}/slow.bin`);
  const [body, exitCode] = await Promise.all([response.text(), nginx.stop()]);
  expect(body).toHaveLength(fileBytes);
  expect(exitCode).toBe(0);
});
