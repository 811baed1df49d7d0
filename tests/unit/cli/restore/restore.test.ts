import { describe, expect, test } from "vitest";
import { availableBackups, filesBackupOf, listText } from "../../../../cli/restore/available.ts";
import { parseMoment, timeText } from "../../../../cli/restore/moment.ts";
import {
  backedUpPaths,
  listing,
  removing,
  restoreJob,
  restoring,
} from "../../../../cli/restore/restore-job.ts";
import type { RegisteredJob } from "../../../../cli/restore/restore-job.ts";
import type { GhostBackups } from "../../../../components/index.ts";
import type { ApiJob, ApiTask } from "../../../../components/jobs/spec/api-job.ts";
import { ghostJob } from "../../../support/rendered-jobs.ts";

const now = new Date("2026-11-27T12:00:00Z");

describe("the moment to go back to", () => {
  test.each([
    ["2026-11-27T10:00:00Z", "2026-11-27T10:00:00Z"],
    ["2026-11-27T19:00+09:00", "2026-11-27T10:00:00Z"],
    ["2026-11-27T10:00:00.250Z", "2026-11-27T10:00:00.250Z"],
  ])("%s is %s", (text, moment) => {
    expect(timeText(parseMoment(text, now) as Date)).toBe(moment);
  });

  test("may be the newest", () => {
    expect(parseMoment("latest", now)).toBe("latest");
  });

  test.each([
    ["yesterday", "is not a time with its zone"],
    ["2026-11-27", "is not a time with its zone"],
    ["2026-11-27T10:00:00", "is not a time with its zone"],
    ["2026-13-27T10:00:00Z", "is not a time with its zone"],
    ["2026-11-27T12:00:01Z", "is in the future"],
  ])("%s %s", (text, reason) => {
    expect(() => parseMoment(text, now)).toThrow(`--at "${text}" ${reason}`);
  });
});

// As Litestream 0.5.18 and restic 0.14 print them.
const database = `9      0000000000000001  0000000000000004  91766   2026-11-27T09:10:00Z
1      0000000000000001  0000000000000009  101766  2026-11-27T09:00:30Z

0      0000000000000001  0000000000000001  40930   2026-11-27T09:00:00Z
0      0000000000000012  0000000000000012  17018   2026-11-27T11:30:00Z
`;
const snapshot = (id: string, time: string) => ({ time, paths: ["/content"], hostname: "ghost", id });
const early = snapshot("a".repeat(64), "2026-11-27T09:05:00.864Z");
const late = snapshot("b".repeat(64), "2026-11-27T10:05:00.785Z");
const files = JSON.stringify({ snapshots: [late, early], kept: [".before-restore-20261127T091500Z"] });

describe("what can be restored", () => {
  const backups = availableBackups(database, files);

  test("is what the programs list, in the order of time", () => {
    expect(backups).toEqual({
      database: { first: new Date("2026-11-27T09:00:00Z"), last: new Date("2026-11-27T11:30:00Z") },
      files: [early, late].map(({ id, time }) => ({ id, time: new Date(time) })),
      kept: [".before-restore-20261127T091500Z"],
    });
    expect(listText(backups))
      .toBe(`Database: any moment from 2026-11-27T09:00:00Z to now; the last change that was sent is of 2026-11-27T11:30:00Z
Files:
  aaaaaaaa  2026-11-27T09:05:00.864Z
  bbbbbbbb  2026-11-27T10:05:00.785Z
Kept on the volume from before a restore:
  .before-restore-20261127T091500Z`);
  });

  test("may be nothing", () => {
    const none = availableBackups("\n\n", '{"snapshots":null,"kept":[]}');
    expect(listText(none)).toBe("Database: none yet\nFiles: none yet");
    expect(() => filesBackupOf(none, "latest")).toThrow("no backup of the database yet");
    const withoutFiles = availableBackups(database, '{"snapshots":[],"kept":[]}');
    expect(() => filesBackupOf(withoutFiles, "latest")).toThrow("no backup of the files yet");
  });

  test.each([
    ["2026-11-27T09:04:00Z", early.id, "the first one after it, which has every image of that moment"],
    ["2026-11-27T09:06:00Z", late.id, "the first one after it"],
    ["2026-11-27T11:00:00Z", late.id, "the newest where none is after it"],
    ["latest", late.id, "the newest"],
  ])("of files for %s is %s: %s", (at, id) => {
    expect(filesBackupOf(backups, parseMoment(at, now)).id).toBe(id);
  });

  test("is nothing from before the first backup", () => {
    expect(() => filesBackupOf(backups, new Date("2026-11-27T08:59:59Z"))).toThrow(
      "--at 2026-11-27T08:59:59Z is before the first backup of the database, of 2026-11-27T09:00:00Z",
    );
  });
});

describe("the job that restores", () => {
  const backups: GhostBackups = {
    ...{ endpoint: "https://s3.example.com", bucket: "backups", region: "sgp1" },
    ...{ accessKeyId: "canary", secretAccessKey: "canary", passphrase: "canary" },
  };
  const place = { datacenter: "sgp1", url: "https://blog.example.com", contentVolume: "blog-content" };
  const registered = (given: { backups?: GhostBackups }) =>
    ({ Namespace: "default", Stop: false, ...ghostJob({ ...place, ...given }) }) as unknown as RegisteredJob;
  const ghost = registered({ backups });
  const paths = backedUpPaths(ghost);
  const job = (run: Parameters<typeof restoreJob>[1]) => restoreJob(ghost, run) as ApiJob;
  const runs = {
    list: listing(paths.database),
    restore: restoring(paths, { id: "1", snapshot: "ab", timestamp: "2026-11-27T10:00:00.000Z" }),
    remove: removing(".before-restore-1"),
  };
  const taskOf = (name: string, run: Parameters<typeof restoreJob>[1]): ApiTask =>
    job(run).TaskGroups[0]!.Tasks.find((task) => task.Name === name)!;

  test.each(Object.entries(runs))("of %s reads a Variable of its own and has no secret in it", (_, run) => {
    const text = JSON.stringify(job(run));
    expect(text).not.toContain("canary");
    expect(text).not.toContain('nomadVar \\"nomad/jobs/ghost\\"');
    expect(text).toContain('nomadVar \\"nomad/jobs/ghost-restore\\"');
  });

  test("is tried once, on Ghost's volume, with no service that readers would be sent to", () => {
    const [group] = job(runs.restore).TaskGroups;
    expect(job(runs.restore)).toMatchObject({ ID: "ghost-restore", Type: "batch", Datacenters: ["sgp1"] });
    expect(group).toMatchObject({
      RestartPolicy: { Attempts: 0, Mode: "fail" },
      Volumes: { content: { Source: "blog-content" } },
    });
    expect(group).not.toHaveProperty("Services");
    for (const task of group!.Tasks) expect(task.RestartPolicy).toMatchObject({ Attempts: 0 });
  });

  test("restores beside the content, and replaces it only when both parts are there", () => {
    const { Tasks } = job(runs.restore).TaskGroups[0]!;
    expect(Tasks.map(({ Name, Lifecycle }) => [Name, Lifecycle?.Hook])).toEqual([
      ["restore-database", "prestart"],
      ["restore-files", "prestart"],
      ["replace-content", undefined],
    ]);
    const { args } = taskOf("restore-database", runs.restore).Config;
    const target = `${paths.content}/.restore-1${paths.database}`;
    expect(args!.slice(-5)).toEqual(["-timestamp", "2026-11-27T10:00:00.000Z", "-o", target, paths.database]);
    const latest = restoring(paths, { id: "1", snapshot: "ab", timestamp: undefined });
    expect(taskOf("restore-database", latest).Config.args).not.toContain("-timestamp");
  });

  test("cannot be made of a blog without backups", () => {
    expect(() => backedUpPaths(registered({}))).toThrow('the job "ghost" has no backups');
  });
});
