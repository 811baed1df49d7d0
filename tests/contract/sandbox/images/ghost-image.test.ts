import { mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { ghostText } from "../../../../components/jobs/ghost/text.ts";
import { ghostImage } from "../../../../sandbox/offline/images/ghost-image.ts";
import { nodeVersion } from "../../../../sandbox/offline/images/ghost-packages.ts";
import { sandboxSettings } from "../../../../sandbox/settings.ts";
import { ensureDockerDaemon } from "../../../../sandbox/tools/docker-daemon.ts";
import { setUpGhost } from "../../../support/blog/ghost-owner.ts";
import { addPost } from "../../../support/blog/ghost-posts.ts";
import { docker, removeContainer, startContainer } from "./container.ts";
import type { Container } from "./container.ts";

const { cacheDir, id } = sandboxSettings(path.resolve(import.meta.dirname, "../../../.."));
const name = `ghost-image-test-${id}`;
const content = mkdtempSync(path.join(os.tmpdir(), "ghost-content-"));
const uidOfNode = 1000;
let image: string;
let ghost: Container;

beforeAll(async () => {
  await ensureDockerDaemon(cacheDir, () => undefined);
  const standIn = await ghostImage(cacheDir);
  await docker("load", "--input", standIn.archive);
  image = standIn.localName;
  ghost = await startGhost();
}, 900_000);

afterAll(async () => {
  await removeContainer(name);
  rmSync(content, { recursive: true });
});

async function startGhost(): Promise<Container> {
  const environment = {
    url: "http://blog.test",
    database__client: "sqlite3",
    database__connection__filename: "/var/lib/ghost/content/data/ghost.db",
    security__staffDeviceVerification: "false",
  };
  const container = await startContainer(name, image, 2368, [
    ...["--volume", `${content}:/var/lib/ghost/content`],
    ...Object.entries(environment).flatMap(([key, value]) => ["--env", `${key}=${value}`]),
  ]);
  await vi.waitFor(async () => expect((await fetch(container.url)).status).toBe(200), {
    timeout: 90_000,
    interval: 300,
  });
  return container;
}

it("answers on its front page and its API", async () => {
  expect(await (await fetch(ghost.url)).text()).toContain("<title>Ghost</title>");
  const site = await fetch(`${ghost.url}/ghost/api/admin/site/`);
  expect(await site.json()).toMatchObject({ site: { url: "http://blog.test/", version: "6.65" } });
});

it("fills an empty directory, and owns it and runs as the user node", async () => {
  expect(readdirSync(path.join(content, "themes")).sort()).toEqual(["casper", "source"]);
  for (const entry of [".", "data", "data/ghost.db", "themes/casper", "images"]) {
    expect(statSync(path.join(content, entry)).uid, entry).toBe(uidOfNode);
  }
  expect(await docker("exec", name, "sh", "-c", "stat -c %u /proc/1")).toBe(String(uidOfNode));
});

it("resizes the images that a post shows", async () => {
  const check =
    "console.log(require('/var/lib/ghost/current/node_modules/@tryghost/image-transform').canTransformFiles())";
  expect(await docker("exec", name, "node", "-e", check)).toBe("true");
});

it("reads a password of digits as text, which by itself it would take for a number", async () => {
  const read =
    "console.log(JSON.stringify(require('/var/lib/ghost/current/core/shared/config').get('database:connection:password')))";
  const passwordOf = async (variable: string) =>
    JSON.parse(
      await docker("exec", "--env", `database__connection__password=${variable}`, name, "node", "-e", read),
    ) as unknown;
  expect(await passwordOf("123456")).toBe(123456);
  for (const password of ["123456", "true", '"quoted"', "plain"])
    expect(await passwordOf(ghostText(password))).toBe(password);
});

it("ends in good order when stopped, and keeps what was written for the next container", async () => {
  const { adminApiKey } = await setUpGhost(ghost.url);
  const slug = await addPost(ghost.url, adminApiKey, { title: "Kept", text: "written before the stop" });
  expect(await ghost.stop()).toBe(0);
  expect(await ghost.logs()).toContain("Ghost has shut down");
  ghost = await startGhost();
  expect(await (await fetch(`${ghost.url}/${slug}/`)).text()).toContain("written before the stop");
  expect(await setUpGhost(ghost.url)).toEqual({ adminApiKey });
});

it("runs any other command as it is, as root", async () => {
  expect(await docker("run", "--rm", image, "node", "--version")).toBe(`v${nodeVersion}`);
  expect(await docker("run", "--rm", image, "id", "-u")).toBe("0");
});
