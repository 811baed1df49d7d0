import { readdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import type { GhostBackups } from "../../../../components/index.ts";
import { sandboxSettings } from "../../../../sandbox/settings.ts";
import { startBackupRig } from "../../../support/blog/backup-rig.ts";
import type { BackupRig } from "../../../support/blog/backup-rig.ts";
import { expectPost, publishPost } from "../../../support/blog/blog.ts";
import { ghostJob } from "../../../support/rendered-jobs.ts";

const { cacheDir } = sandboxSettings(path.resolve(import.meta.dirname, "../../../.."));
const database = "/var/lib/ghost/content/data/ghost.db";
const waiting = { timeout: 180_000, interval: 500 };
let rig: BackupRig;

interface Allocation {
  readonly ID: string;
  readonly CreateIndex: number;
  readonly TaskStates: Record<
    string,
    { State: string; Failed: boolean; Events: { Type: string; ExitCode: number }[] }
  >;
}

beforeAll(async () => {
  rig = await startBackupRig(cacheDir, waiting);
}, 900_000);

afterAll(async () => {
  await rig.purge();
  await rig.remove();
});

async function answer<Answer>(method: string, target: string, body?: object): Promise<Answer> {
  const response = await rig.agent.call(method, target, body);
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${target}: ${response.status} ${text}`);
  return JSON.parse(text) as Answer;
}

async function runGhost(): Promise<void> {
  const { endpoint, region, bucket, accessKeyId, secretAccessKey } = rig.store;
  const { litestreamImage, resticImage } = rig.images;
  const passphrase = "canary-passphrase";
  const Items = {
    backupAccessKeyId: accessKeyId,
    backupSecretAccessKey: secretAccessKey,
    backupPassphrase: passphrase,
  };
  await answer("PUT", "/v1/var/nomad/jobs/ghost", { Path: "nomad/jobs/ghost", Items });
  const backups: GhostBackups = {
    ...{ endpoint, region, bucket, accessKeyId, secretAccessKey, passphrase },
    ...{ litestreamImage, resticImage, filesInterval: "10s" },
  };
  const job = ghostJob({
    ...{ datacenter: "dc1", url: "http://blog.test", contentVolume: "blog-content" },
    ...{ image: rig.images.ghost, backups },
  });
  await answer("POST", "/v1/jobs", { Job: job });
}

async function allocation(): Promise<Allocation> {
  const all = await answer<Allocation[]>("GET", "/v1/job/ghost/allocations");
  return all.toSorted((one, other) => other.CreateIndex - one.CreateIndex)[0]!;
}

/** Restores the database that is in the bucket to a file of the task that backs up, and says whether it has the text. */
async function backupHas(text: string, ...options: string[]): Promise<boolean> {
  const copy = "/tmp/copy.db";
  await rig.inTask("backup-database", "rm", "-f", copy);
  const configuration = ["-config", "/local/litestream.yml", "-no-expand-env"];
  await rig.inTask(
    "backup-database",
    "litestream",
    "restore",
    ...configuration,
    ...options,
    "-o",
    copy,
    database,
  );
  const found = await rig.inTask("backup-database", "sh", "-c", `grep -c ${text} ${copy} || true`);
  return Number(found) > 0;
}

function databaseIsBackedUp(text: string): Promise<void> {
  return vi.waitFor(async () => expect(await backupHas(text)).toBe(true), waiting);
}

test("a blog that lost its machine and its volume comes back from the bucket, again and again", async () => {
  await runGhost();
  const first = await publishPost(await rig.ghostAddress(), "Kestrel");
  const image = "images/kestrel.png";
  await writeFile(path.join(rig.content, image), "picture");
  await databaseIsBackedUp(first.title);
  await rig.fileIsBackedUp(image);

  await leaveExclusiveLock();
  await rig.loseEverything();
  await runGhost();
  await expectPost([await rig.ghostAddress()], first);
  expect(await readFile(path.join(rig.content, image), "utf8")).toBe("picture");

  // What is written after a restore is backed up too, on top of what there was.
  const between = new Date().toISOString();
  const second = await publishPost(await rig.ghostAddress(), "Bittern");
  const otherImage = "images/bittern.png";
  await writeFile(path.join(rig.content, otherImage), "another picture");
  await databaseIsBackedUp(second.title);
  await rig.fileIsBackedUp(otherImage);
  expect(await backupHas(second.title, "-timestamp", between)).toBe(false);
  expect(await backupHas(first.title, "-timestamp", between)).toBe(true);
  await rig.loseEverything();
  await rig.store.stop();
  await runGhost();
  await restoreFailed();
  expect(await readdir(rig.content)).not.toContain("themes");
  await rig.store.start();
  const address = await rig.ghostAddress();
  for (const post of [first, second]) await expectPost([address], post);
  expect(await readFile(path.join(rig.content, image), "utf8")).toBe("picture");

  // With content on the volume, neither a store that is away nor an older backup is in the way of Ghost.
  await rig.purge();
  await rig.store.stop();
  await writeFile(path.join(rig.content, image), "newer picture");
  await runGhost();
  await expectPost([await rig.ghostAddress()], second);
  expect(await readFile(path.join(rig.content, image), "utf8")).toBe("newer picture");
  await rig.store.start();
}, 900_000);

/** Leaves restic's repository locked, as by a container that is killed while it removes old backups. */
async function leaveExclusiveLock(): Promise<void> {
  const { ID } = await allocation();
  // A backup that is under way has a lock itself.
  const slowly = "until restic check --read-data --limit-download 1; do sleep 1; done";
  const checking = execa("docker", ["exec", `backup-files-${ID}`, "sh", "-c", slowly], { reject: false });
  for await (const line of checking) if (line.includes("load indexes")) return;
  throw new Error(`restic took no lock: ${(await checking).stderr}`);
}

/** Waits until a restore could not reach the store. */
function restoreFailed(): Promise<void> {
  return vi.waitFor(async () => {
    const { TaskStates } = await allocation();
    const events = TaskStates["restore-database"]!.Events;
    expect(events.some(({ Type, ExitCode }) => Type === "Terminated" && ExitCode !== 0)).toBe(true);
    expect(TaskStates["ghost"]!.State).toBe("pending");
  }, waiting);
}
