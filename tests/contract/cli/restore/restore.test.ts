import { readdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import type { GhostBackups } from "../../../../components/index.ts";
import { ownerItems, ownerVariablePath } from "../../../../components/jobs/ghost/owner.ts";
import { sandboxSettings } from "../../../../sandbox/settings.ts";
import { startBackupRig } from "../../../support/blog/backup-rig.ts";
import type { BackupRig } from "../../../support/blog/backup-rig.ts";
import { expectPost, page, publishPost } from "../../../support/blog/blog.ts";
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
let rig: BackupRig;

beforeAll(async () => {
  rig = await startBackupRig(cacheDir, waiting);
}, 900_000);

afterAll(async () => {
  await rig.purge();
  await rig.remove();
});

async function runGhost(password: string): Promise<void> {
  const { endpoint, region, bucket, accessKeyId, secretAccessKey } = rig.store;
  const key = { accessKeyId, secretAccessKey, passphrase: "canary-passphrase" };
  const backups: GhostBackups = {
    ...{ endpoint, region, bucket, ...key, filesInterval: "10s" },
    ...{ litestreamImage: rig.images.litestreamImage, resticImage: rig.images.resticImage },
  };
  await setVariable(rig.agent, "ghost", {
    backupAccessKeyId: accessKeyId,
    backupSecretAccessKey: secretAccessKey,
    backupPassphrase: key.passphrase,
  });
  await setVariable(
    rig.agent,
    ownerVariablePath("ghost").replace("nomad/jobs/", ""),
    ownerItems(blog, password),
  );
  const job = ghostJob({
    ...{ datacenter: "dc1", url: "http://blog.test", contentVolume: "blog-content" },
    ...{ image: rig.images.ghost, owner: blog, backups },
  });
  await submit(rig.agent, job);
}

/** Waits until the post can be restored, and the image too. */
async function backedUp(title: string): Promise<void> {
  const copy = "/tmp/copy.db";
  const options = ["-config", "/local/litestream.yml", "-no-expand-env", "-force", "-o", copy, database];
  await vi.waitFor(async () => {
    await rig.inTask("backup-database", "litestream", "restore", ...options);
    await rig.inTask("backup-database", "grep", "--quiet", title, copy);
  }, waiting);
  await rig.fileIsBackedUp(image);
}

/** As an operator runs it, with the cluster in the environment. */
async function restore(...args: string[]): Promise<string> {
  const { all, exitCode } = await execa(
    process.execPath,
    [path.join(root, "cli/main.ts"), "restore", ...args],
    {
      ...{ reject: false, all: true, stdin: "ignore" },
      env: { NOMAD_ADDR: rig.agent.address, NOMAD_TOKEN: rig.agent.token, NOMAD_CACERT: "" },
    },
  );
  expect(all).not.toContain("canary");
  return `${all}\nexit code ${exitCode}`;
}

test("a blog goes back to a moment between two posts, and goes on from there", async () => {
  await runGhost(owner.password);
  const first = await publishPost(await rig.ghostAddress(), "Kestrel", owner);
  await writeFile(path.join(rig.content, image), "picture");
  await backedUp(first.title);
  const between = new Date().toISOString();
  const second = await publishPost(await rig.ghostAddress(), "Bittern", owner);
  await writeFile(path.join(rig.content, image), "newer picture");

  const before = await rig.containers("ghost");
  expect(await restore("--at", between)).toMatch(
    /say `--replace ghost`[^]*Nothing was changed\nexit code 1$/,
  );
  expect(await restore("--at", "2020-01-01T00:00:00Z", "--replace", "ghost")).toMatch(
    /is before the first backup of the database[^]*nothing was changed\nexit code 1$/,
  );
  expect(await rig.containers("ghost")).toEqual(before);

  const said = await restore("--at", between, "--replace", "ghost");
  expect(said).toMatch(/exit code 0$/);
  const [kept] = /\.before-restore-\w+/.exec(said)!;
  const address = await rig.ghostAddress();
  await expectPost([address], first);
  expect((await page(address, second.path)).status).toBe(404);
  expect(await readdir(path.join(rig.content, kept, "data"))).toContain("ghost.db");
  expect(await readFile(path.join(rig.content, kept, image), "utf8")).toBe("newer picture");
  expect(await readdir(path.join(rig.content, "images"))).toContain("kestrel.png");
  for (const target of ["/v1/job/ghost-restore", "/v1/var/nomad/jobs/ghost-restore"])
    expect((await rig.agent.call("GET", target)).status).toBe(404);

  expect(await restore("--list")).toContain(`Kept on the volume from before a restore:\n  ${kept}\n`);
  expect(await restore("--remove-kept", kept)).toMatch(/exit code 0$/);
  expect(await readdir(rig.content)).not.toContain(kept);

  // A machine and a volume that are lost afterwards: what was gone back from does not come again, and the owner is left alone.
  const third = await publishPost(address, "Dunlin", owner);
  await backedUp(third.title);
  await rig.loseEverything();
  await runGhost("canary-of-somebody-else");
  const restored = await rig.ghostAddress();
  for (const post of [first, third]) await expectPost([restored], post);
  expect((await page(restored, second.path)).status).toBe(404);
  await publishPost(restored, "Whimbrel", owner);

  await rig.store.stop();
  const running = await rig.containers("ghost");
  expect(await restore("--at", "latest", "--replace", "ghost")).toMatch(
    /the task list-database failed[^]*exit code 1$/,
  );
  expect(await rig.containers("ghost")).toEqual(running);
}, 1_200_000);
