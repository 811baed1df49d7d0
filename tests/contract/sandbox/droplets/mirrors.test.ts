import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startAptMirror } from "../../../../sandbox/mirrors/apt.ts";
import {
  downloadsDirectory,
  nomadReleasePath,
  startDownloads,
} from "../../../../sandbox/mirrors/downloads.ts";
import { pushImage, startRegistry } from "../../../../sandbox/mirrors/registry.ts";
import { sandboxSettings } from "../../../../sandbox/settings.ts";
import { missingForDroplets } from "./requirements.ts";

const missing = await missingForDroplets();
const unreachable = { debian: "http://127.0.0.1:9/debian", security: "http://127.0.0.1:9/debian-security" };
const address = "127.0.0.1";

describe.skipIf(missing !== undefined)(`mirrors${missing ? ` (skipped: ${missing})` : ""}`, () => {
  const directory = mkdtempSync(path.join(os.tmpdir(), "mirrors-"));
  const clone = (name: string) => {
    mkdirSync(path.join(directory, name), { recursive: true });
    return sandboxSettings(path.join(directory, name), { XDG_CACHE_HOME: path.join(directory, "cache") });
  };
  const image = `mirrors-test-${process.pid}`;

  beforeAll(async () => {
    writeFileSync(path.join(directory, "file"), "content");
    const archive = path.join(directory, "image.tar");
    await execa("tar", ["--create", "--file", archive, "--directory", directory, "file"]);
    await execa("docker", ["import", archive, image]);
  });

  afterAll(async () => {
    await execa("docker", ["image", "rm", image]);
    rmSync(directory, { recursive: true });
  });

  test("what was fetched once is served when Debian cannot be reached", async () => {
    const index = "/dists/bookworm/InRelease";
    const online = await startAptMirror({ settings: clone("one"), address, port: 13142 });
    const fetched = await fetch(online.debian + index).then((response) => response.text());
    await online.close();
    expect(fetched).toContain("BEGIN PGP SIGNED MESSAGE");
    const offline = await startAptMirror({
      settings: clone("one"),
      address,
      port: 13142,
      upstream: unreachable,
    });
    try {
      expect(offline.offline).toBe(true);
      expect(await fetch(offline.debian + index).then((response) => response.text())).toBe(fetched);
    } finally {
      await offline.close();
    }
  });

  test("two clones' mirrors run at once, the second on a copy of the cache", async () => {
    const first = await startAptMirror({
      settings: clone("one"),
      address,
      port: 13142,
      upstream: unreachable,
    });
    const second = await startAptMirror({
      settings: clone("two"),
      address,
      port: 13143,
      upstream: unreachable,
    });
    try {
      const answers = [first, second].map(
        async (mirror) => (await fetch(`${mirror.debian}/dists/bookworm/InRelease`)).status,
      );
      expect(await Promise.all(answers)).toEqual([200, 200]);
    } finally {
      await second.close();
      await first.close();
    }
  });

  test("an image pushed is there under its usual name, and pushed only once", async () => {
    const registry = await startRegistry({ settings: clone("one"), address, port: 15000 });
    try {
      await pushImage(registry, image, "mackerel/mackerel-agent:test");
      const manifest = `${registry.url}/v2/mackerel/mackerel-agent/manifests/test`;
      expect((await fetch(manifest)).status).toBe(200);
      const began = Date.now();
      await pushImage(registry, image, "mackerel/mackerel-agent:test");
      expect(Date.now() - began).toBeLessThan(2000);
      await pushImage(registry, image, "nginx:test");
      expect((await fetch(`${registry.url}/v2/library/nginx/manifests/test`)).status).toBe(200);
      await expect(pushImage(registry, image, "no-tag")).rejects.toThrow("[no-tag] is not repository:tag");
    } finally {
      await registry.close();
    }
  });

  test("a Nomad release lies where releases.hashicorp.com has it, whole or in ranges", async () => {
    const settings = clone("one");
    const file = path.join(downloadsDirectory(settings), "nomad", nomadReleasePath("2.0.7"));
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, "0123456789");
    const downloads = await startDownloads({ settings, address, port: 18082 });
    try {
      const url = `${downloads.url}/nomad/2.0.7/nomad_2.0.7_linux_amd64.zip`;
      expect(await fetch(url).then((response) => response.text())).toBe("0123456789");
      const part = await fetch(url, { headers: { range: "bytes=2-4" } });
      expect([part.status, await part.text()]).toEqual([206, "234"]);
      expect((await fetch(`${downloads.url}/nomad/2.0.8/nomad_2.0.8_linux_amd64.zip`)).status).toBe(404);
      expect((await fetch(`${downloads.url}/..%2f..%2fetc/passwd`)).status).not.toBe(200);
    } finally {
      await downloads.close();
    }
  });
});
