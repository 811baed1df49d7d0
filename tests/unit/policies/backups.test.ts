import { expect, test } from "vitest";
import type { GhostJobArgs } from "../../support/rendered-jobs.ts";
import { readJob } from "../../../policies/job.ts";
import { backupsProblems } from "../../../policies/rules/backups.ts";
import { ghostJob, nginxJob } from "../../support/rendered-jobs.ts";

const problems = (job: object) => backupsProblems(readJob(JSON.stringify({ Job: job })));
const blog = (given: Pick<GhostJobArgs, "backups" | "database">) =>
  ghostJob({
    ...{ datacenter: "sgp1", url: "https://blog.example.com", contentVolume: "blog-content" },
    ...given,
  });

test("a blog without backups is reported", () => {
  expect(problems(blog({}))).toEqual([
    "group ghost: the blog has no backups, so what it holds is lost together with its volume",
  ]);
});

test("a blog with backups or the database of a provider is not, and no other job", () => {
  const backups = {
    ...{ endpoint: "https://s3.example.com", bucket: "backups", region: "sgp1" },
    ...{ accessKeyId: "id", secretAccessKey: "key", passphrase: "words" },
  };
  const database = { host: "db.example.com", user: "blog", password: "p", name: "blog" };
  for (const job of [blog({ backups }), blog({ database }), nginxJob({ datacenter: "sgp1", tls: false })])
    expect(problems(job)).toEqual([]);
});
