import * as pulumi from "@pulumi/pulumi";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { GhostBackups } from "../../../../../components/index.ts";
import { resolveGhostBackups } from "../../../../../components/jobs/ghost/backups/defaults.ts";
import { backupSecrets, secretBackups } from "../../../../../components/jobs/ghost/backups/secrets.ts";
import { litestreamConfiguration } from "../../../../../components/jobs/ghost/backups/tasks.ts";
import { validateGhost } from "../../../../../components/jobs/ghost/validation.ts";
import type { ApiTask } from "../../../../../components/jobs/spec/api-job.ts";
import { ghostJob } from "../../../../support/rendered-jobs.ts";

const backups: GhostBackups = {
  endpoint: "https://sgp1.digitaloceanspaces.com",
  bucket: "blog-backups",
  region: "sgp1",
  accessKeyId: "canary-id",
  secretAccessKey: "canary-secret",
  passphrase: "canary-passphrase",
};
const place = { datacenter: "sgp1", url: "https://blog.example.com", contentVolume: "blog-content" };
const url = place.url;
const jobOf = (changed: Partial<GhostBackups> = {}) =>
  ghostJob({ ...place, backups: { ...backups, ...changed } });
const taskOf = (name: string, changed: Partial<GhostBackups> = {}): ApiTask =>
  jobOf(changed).TaskGroups[0]!.Tasks.find((task) => task.Name === name)!;
const names = ["restore-database", "restore-files", "backup-database", "backup-files"];

describe("the backups of a blog", () => {
  test("are four tasks beside Ghost, which is as it is without them", () => {
    const tasks = jobOf().TaskGroups[0]!.Tasks;
    expect(tasks.map(({ Name }) => Name).sort()).toEqual(["ghost", ...names].sort());
    expect(tasks.find(({ Name }) => Name === "ghost")).toEqual(ghostJob(place).TaskGroups[0]!.Tasks[0]);
  });

  test("restore before Ghost starts, and back up until it has stopped", () => {
    for (const name of ["restore-database", "restore-files"])
      expect(taskOf(name)).toMatchObject({ Lifecycle: { Hook: "prestart", Sidecar: false } });
    for (const name of ["backup-database", "backup-files"])
      expect(taskOf(name)).toMatchObject({ Lifecycle: { Hook: "poststart", Sidecar: true } });
  });

  test("do not end Ghost's allocation when they fail beside it", () => {
    for (const name of ["backup-database", "backup-files"])
      expect(taskOf(name).RestartPolicy).toMatchObject({ Mode: "delay" });
    for (const name of ["restore-database", "restore-files"])
      expect(taskOf(name).RestartPolicy).toBeUndefined();
  });

  test("restore a database only where there is none", () => {
    const { args } = taskOf("restore-database").Config;
    expect(args).toEqual(
      expect.arrayContaining(["restore", "-if-db-not-exists", "-if-replica-exists", "quick"]),
    );
    expect(args!.at(-1)).toBe("/var/lib/ghost/content/data/ghost.db");
  });

  test("read the key from the Variable, which only restic gets the passphrase of, and no secret is in the job", () => {
    expect(JSON.stringify(jobOf())).not.toContain("canary");
    for (const name of names) {
      const template = taskOf(name).Templates!.find(({ DestPath }) => DestPath === "secrets/key.env")!;
      expect(template).toMatchObject({ Perms: "0400", Envvars: true });
      expect(template.EmbeddedTmpl).toContain('nomadVar "nomad/jobs/ghost"');
      expect(template.EmbeddedTmpl).toContain(
        "AWS_SECRET_ACCESS_KEY={{ .backupSecretAccessKey.Value | toJSON }}\n",
      );
      expect(template.EmbeddedTmpl.includes("RESTIC_PASSWORD")).toBe(name.endsWith("files"));
    }
    expect(Object.keys(backupSecrets(backups)).sort()).toEqual([
      "backupAccessKeyId",
      "backupPassphrase",
      "backupSecretAccessKey",
    ]);
    expect(backupSecrets(undefined)).toEqual({});
  });

  test("run with the rights that they need, as Ghost does", () => {
    for (const name of names)
      expect(taskOf(name).Config).toMatchObject({
        cap_drop: ["all"],
        cap_add: ["chown", "dac_override", "fowner"],
        security_opt: ["no-new-privileges"],
      });
  });

  test("are secret in what Pulumi shows of them", async () => {
    const { accessKeyId, secretAccessKey, passphrase, ...others } = secretBackups(backups);
    for (const secret of [accessKeyId, secretAccessKey, passphrase])
      expect(await pulumi.isSecret(secret as pulumi.Output<string>)).toBe(true);
    expect(JSON.stringify(others)).not.toContain("canary");
  });

  test("have folders of their own in the bucket, one for each program", () => {
    const { Env } = taskOf("backup-files", { prefix: "a/b" });
    expect(Env).toMatchObject({
      RESTIC_REPOSITORY: "s3:https://sgp1.digitaloceanspaces.com/blog-backups/a/b/files",
      BACKUP_INTERVAL_SECONDS: "300",
      BACKUP_CONTENT: "/var/lib/ghost/content",
    });
    const replica = JSON.parse(
      litestreamConfiguration(resolveGhostBackups({ ...backups, prefix: "a/b" }), "/ghost.db"),
    ) as object;
    expect(replica).toMatchObject({
      snapshot: { retention: "720h" },
      dbs: [
        {
          path: "/ghost.db",
          replica: {
            type: "s3",
            endpoint: backups.endpoint,
            bucket: "blog-backups",
            region: "sgp1",
            path: "a/b/database",
            "sync-interval": "1s",
          },
        },
      ],
    });
  });

  test("come as files that Nomad's templates leave as they are", () => {
    for (const name of names)
      for (const { DestPath, EmbeddedTmpl } of taskOf(name).Templates!)
        if (DestPath.startsWith("local/")) expect(EmbeddedTmpl, DestPath).not.toContain("{{");
  });
});

describe("the arguments of backups", () => {
  const issues = (changed: Partial<GhostBackups>) =>
    validateGhost({ url, backups: { ...backups, ...changed } }).issues;

  test("need only a bucket, a key and a passphrase", () => {
    expect(issues({})).toEqual([]);
    for (const address of ["10.0.0.5", "127.0.0.1", "198.18.0.1", "198.19.255.1"])
      expect(issues({ endpoint: `http://${address}:7070` })).toEqual([]);
    expect(issues({ passphrase: pulumi.secret("later") })).toEqual([]);
  });

  test("are all named together when they are wrong", () => {
    const wrong = issues({
      ...{ endpoint: "sgp1.digitaloceanspaces.com", bucket: "Blog", region: "", prefix: "/blog/" },
      ...{ accessKeyId: "", secretAccessKey: " ", passphrase: "" },
      ...{ databaseInterval: "1", databaseRetention: "1h", filesInterval: "1s" },
      ...{ keepDaily: 0, keepWeekly: 1.5, keepMonthly: -1 },
      ...{ litestreamImage: "litestream/litestream", resticImage: "restic/restic:latest", cpu: 0, memory: 1 },
    });
    expect(wrong.map(({ propertyPath }) => propertyPath)).toEqual(
      [
        ...["endpoint", "bucket", "region", "prefix", "accessKeyId", "secretAccessKey", "passphrase"],
        ...["databaseInterval", "databaseRetention", "filesInterval", "keepDaily", "keepWeekly"],
        ...["keepMonthly", "litestreamImage", "resticImage", "cpu", "memory"],
      ].map((field) => `backups.${field}`),
    );
  });

  test.each([
    "http://sgp1.digitaloceanspaces.com",
    "http://192.0.2.1",
    "http://198.20.0.1",
    "http://[2001:db8::1]:80",
  ])("may not send the database over the Internet unencrypted: %s", (endpoint) => {
    expect(issues({ endpoint })).toMatchObject([{ propertyPath: "backups.endpoint" }]);
  });

  test.each([
    "https://sgp1.digitaloceanspaces.com/",
    "https://key@s3.example.com",
    "https://s3.example.com/b",
  ])("have an endpoint of only a scheme, a host and a port: %s", (endpoint) => {
    expect(issues({ endpoint })).toMatchObject([{ propertyPath: "backups.endpoint" }]);
  });

  test("are refused with an external MySQL, which they would not back up", () => {
    const database = { host: "db.example.com", user: "ghost", name: "blog", password: "p" };
    expect(validateGhost({ url, database, backups }).issues).toMatchObject([
      { propertyPath: "backups", reason: expect.stringContaining("MySQL") as string },
    ]);
  });

  test("put nothing into a configuration that Litestream or a template would take for more than text", () => {
    const field = fc.constantFrom("bucket" as const, "region" as const, "prefix" as const);
    fc.assert(
      fc.property(field, fc.constantFrom(..."${}\"'\\ \n?#%"), (name, character) => {
        expect(issues({ [name]: `blog${character}backups` })).toMatchObject([
          { propertyPath: `backups.${name}` },
        ]);
      }),
    );
  });
});
