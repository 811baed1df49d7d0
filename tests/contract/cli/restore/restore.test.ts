import { chmod, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import type { GhostBackups } from "../../../../components/index.ts";
import { ownerItems, ownerVariablePath } from "../../../../components/jobs/ghost/owner.ts";
import { standInImages } from "../../../../sandbox/offline/images.ts";
import { sandboxSettings } from "../../../../sandbox/settings.ts";
import { ensureDockerDaemon } from "../../../../sandbox/tools/docker-daemon.ts";
import { installTool } from "../../../../sandbox/tools/install-tool.ts";
import { nomad } from "../../../../sandbox/tools/tool-table.ts";
import { expectPost, page, publishPost } from "../../../support/blog/blog.ts";
import { startS3Server } from "../../../support/blog/s3-server.ts";
import type { S3Server } from "../../../support/blog/s3-server.ts";
import { startNomadAgent } from "../../../support/nomad/dev-agent.ts";
import type { NomadAgent } from "../../../support/nomad/dev-agent.ts";
import { setVariable, submit } from "../../../support/nomad/nginx.ts";
import { ghostJob } from "../../../support/rendered-jobs.ts";

// The real program, Nomad, Ghost, Litestream, restic and an S3 server.

const root = path.resolve(import.meta.dirname, "../../../..");
const { cacheDir } = sandboxSettings(root);
const database = "/var/lib/ghost/content/data/ghost.db";
const waiting = { timeout: 240_000, interval: 500 };
const blog = { name: "First", email: "first@example.com", blogTitle: "A title" };
const owner = { ...blog, password: "canary-0123456789" };
const image = "images/kestrel.png";
let agent: NomadAgent;
let store: S3Server;
/** What the volume holds. */
let content: string;
let images: { ghost: string; litestreamImage: string; resticImage: string };

beforeAll(async () => {
  await ensureDockerDaemon(cacheDir, () => undefined);
  const load = async ({ build }: (typeof standInImages)["ghost"]) => {
    const { archive, localName } = await build(cacheDir);
    await execa("docker", ["load", "--input", archive]);
    return localName;
  };
  images = {
    ghost: await load(standInImages.ghost),
    litestreamImage: await load(standInImages.litestream),
    resticImage: await load(standInImages.restic),
  };
  store = await startS3Server(cacheDir);
  content = await mkdtemp(path.join(os.tmpdir(), "blog-content-"));
  await chmod(content, 0o755);
  agent = await startNomadAgent((await installTool(nomad, cacheDir)).path, {
    hostVolumes: { "blog-content": { path: content, read_only: false } },
  });
}, 900_000);

afterAll(async () => {
  await purge();
  await agent.stop();
  await store.remove();
  await rm(content, { recursive: true });
});

async function runGhost(password: string): Promise<void> {
  const { endpoint, region, bucket, accessKeyId, secretAccessKey } = store;
  const key = { accessKeyId, secretAccessKey, passphrase: "canary-passphrase" };
  const backups: GhostBackups = {
    ...{ endpoint, region, bucket, ...key, filesInterval: "10s" },
    ...{ litestreamImage: images.litestreamImage, resticImage: images.resticImage },
  };
  await setVariable(agent, "ghost", {
    backupAccessKeyId: accessKeyId,
    backupSecretAccessKey: secretAccessKey,
    backupPassphrase: key.passphrase,
  });
  await setVariable(agent, ownerVariablePath("ghost").replace("nomad/jobs/", ""), ownerItems(blog, password));
  const job = ghostJob({
    ...{ datacenter: "dc1", url: "http://blog.test", contentVolume: "blog-content" },
    ...{ image: images.ghost, owner: blog, backups },
  });
  await submit(agent, job);
}

/** The address of Ghost, once it answers. */
function ghostAddress(): Promise<string> {
  return vi.waitFor(async () => {
    const answer = await agent.call("GET", "/v1/service/ghost");
    const [service] = (await answer.json()) as { Address: string; Port: number }[];
    const address = `http://${service!.Address}:${service!.Port}`;
    expect((await fetch(address)).status).toBe(200);
    return address;
  }, waiting);
}

/** Ids of the running containers that the blog has. */
async function containers(filter = "[a-z-]+"): Promise<string[]> {
  const { stdout } = await execa("docker", ["ps", "--format", "{{.Names}}"]);
  return stdout.split("\n").filter((name) => new RegExp(`^${filter}-[0-9a-f]{8}-[0-9a-f-]{27}$`).test(name));
}

async function inTask(task: string, ...command: string[]): Promise<string> {
  const [container] = await containers(task);
  return (await execa("docker", ["exec", container!, ...command])).stdout;
}

/** Waits until the post can be restored, and the image too. */
async function backedUp(title: string): Promise<void> {
  const copy = "/tmp/copy.db";
  const options = ["-config", "/local/litestream.yml", "-no-expand-env", "-force", "-o", copy, database];
  await vi.waitFor(async () => {
    await inTask("backup-database", "litestream", "restore", ...options);
    await inTask("backup-database", "grep", "--quiet", title, copy);
  }, waiting);
  await vi.waitFor(async () => {
    expect(await inTask("backup-files", "restic", "ls", "latest")).toContain(`/content/${image}`);
  }, waiting);
}

async function purge(): Promise<void> {
  await agent.call("DELETE", "/v1/job/ghost?purge=true");
  await vi.waitFor(async () => {
    expect(await containers("(ghost|backup-\\w+|restore-\\w+)")).toEqual([]);
  }, waiting);
}

/** As an operator runs it, with the cluster in the environment. */
async function restore(...args: string[]): Promise<string> {
  const { all, exitCode } = await execa(
    process.execPath,
    [path.join(root, "cli/main.ts"), "restore", ...args],
    {
      ...{ reject: false, all: true, stdin: "ignore" },
      env: { NOMAD_ADDR: agent.address, NOMAD_TOKEN: agent.token, NOMAD_CACERT: "" },
    },
  );
  expect(all).not.toContain("canary");
  return `${all}\nexit code ${exitCode}`;
}

test("a blog goes back to a moment between two posts, and goes on from there", async () => {
  await runGhost(owner.password);
  const first = await publishPost(await ghostAddress(), "Kestrel", owner);
  await writeFile(path.join(content, image), "picture");
  await backedUp(first.title);
  const between = new Date().toISOString();
  const second = await publishPost(await ghostAddress(), "Bittern", owner);
  await writeFile(path.join(content, image), "newer picture");

  const before = await containers("ghost");
  expect(await restore("--at", between)).toMatch(
    /say `--replace ghost`[^]*Nothing was changed\nexit code 1$/,
  );
  expect(await restore("--at", "2020-01-01T00:00:00Z", "--replace", "ghost")).toMatch(
    /is before the first backup of the database[^]*nothing was changed\nexit code 1$/,
  );
  expect(await containers("ghost")).toEqual(before);

  const said = await restore("--at", between, "--replace", "ghost");
  expect(said).toMatch(/exit code 0$/);
  const [kept] = /\.before-restore-\w+/.exec(said)!;
  const address = await ghostAddress();
  await expectPost([address], first);
  expect((await page(address, second.path)).status).toBe(404);
  expect(await readdir(path.join(content, kept, "data"))).toContain("ghost.db");
  expect(await readFile(path.join(content, kept, image), "utf8")).toBe("newer picture");
  expect(await readdir(path.join(content, "images"))).toContain("kestrel.png");
  for (const target of ["/v1/job/ghost-restore", "/v1/var/nomad/jobs/ghost-restore"])
    expect((await agent.call("GET", target)).status).toBe(404);

  expect(await restore("--list")).toContain(`Kept on the volume from before a restore:\n  ${kept}\n`);
  expect(await restore("--remove-kept", kept)).toMatch(/exit code 0$/);
  expect(await readdir(content)).not.toContain(kept);

  // A machine and a volume that are lost afterwards: what was gone back from does not come again, and the owner is left alone.
  const third = await publishPost(address, "Dunlin", owner);
  await backedUp(third.title);
  await execa("docker", ["kill", ...(await containers("(ghost|backup-\\w+)"))]);
  await purge();
  for (const entry of await readdir(content)) await rm(path.join(content, entry), { recursive: true });
  await runGhost("canary-of-somebody-else");
  const restored = await ghostAddress();
  for (const post of [first, third]) await expectPost([restored], post);
  expect((await page(restored, second.path)).status).toBe(404);
  await publishPost(restored, "Whimbrel", owner);

  await store.stop();
  const running = await containers("ghost");
  expect(await restore("--at", "latest", "--replace", "ghost")).toMatch(
    /the task list-database failed[^]*exit code 1$/,
  );
  expect(await containers("ghost")).toEqual(running);
}, 1_200_000);
