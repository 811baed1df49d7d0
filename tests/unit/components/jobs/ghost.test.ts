import * as pulumi from "@pulumi/pulumi";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { GhostSettings } from "../../../../components/index.ts";
import { ghostSecrets } from "../../../../components/jobs/ghost/job.ts";
import { ghostText } from "../../../../components/jobs/ghost/text.ts";
import { checkBlogUrl, validateGhost } from "../../../../components/jobs/ghost/validation.ts";
import { ghostJob } from "../../../support/rendered-jobs.ts";
import type { GhostJobArgs } from "../../../support/rendered-jobs.ts";

const args: GhostJobArgs = {
  datacenter: "sgp1",
  url: "https://blog.example.com",
  contentVolume: "blog-content",
};
const database = { host: "db.example.com", user: "ghost", name: "blog", password: "canary-database" };
const mail = {
  host: "smtp.example.com",
  user: "blog",
  from: "Blog <blog@example.com>",
  password: "canary-mail",
};
const taskOf = (changed: Partial<GhostJobArgs> = {}) =>
  ghostJob({ ...args, ...changed }).TaskGroups[0]!.Tasks[0]!;

describe("ghost's job", () => {
  test("is one service instance that needs the content volume", () => {
    const job = ghostJob(args);
    expect(job).toMatchObject({ ID: "ghost", Type: "service", Priority: 70, Datacenters: ["sgp1"] });
    expect(job.TaskGroups).toHaveLength(1);
    expect(job.TaskGroups[0]).toMatchObject({
      Count: 1,
      Volumes: { content: { Type: "host", Source: "blog-content", ReadOnly: false } },
      Tasks: [{ VolumeMounts: [{ Volume: "content", Destination: "/var/lib/ghost/content" }] }],
    });
  });

  test("keeps its database, like all its content, on the volume", () => {
    const { Env } = taskOf();
    expect(Env).toMatchObject({
      database__client: "sqlite3",
      database__connection__filename: "/var/lib/ghost/content/data/ghost.db",
      paths__contentPath: "/var/lib/ghost/content",
    });
  });

  test.each([
    ["http://192.0.2.1", "http"],
    ["https://blog.example.com/news", "https"],
  ])("is checked by the scheme of %s, or Ghost would redirect the check", (url, scheme) => {
    expect(ghostJob({ ...args, url }).TaskGroups[0]!.Services![0]!.Checks![0]).toMatchObject({
      Header: { "X-Forwarded-Proto": [scheme] },
    });
  });

  test("says of pages that are the same for everybody for how long nginx may show them, at most half a minute", () => {
    const [, fresh, old] = /^(\d+), stale-while-revalidate=(\d+)$/.exec(
      String(taskOf().Env!["caching__frontend__maxAge"]),
    )!;
    expect(Number(fresh) + Number(old)).toBe(30);
  });

  test("asks for a code by mail at a login only if mail can be sent", () => {
    expect(taskOf().Env).toMatchObject({ security__staffDeviceVerification: "false" });
    expect(taskOf({ mail }).Env).not.toHaveProperty("security__staffDeviceVerification");
    for (const port of [25, 465, 587])
      expect(taskOf({ mail: { ...mail, port } }).Env).toMatchObject({
        security__staffDeviceVerification: "false",
        mail__options__port: String(port),
      });
  });

  test("has the variables that are given as they are", () => {
    expect(taskOf({ environment: { imageOptimization__resize: "false" } }).Env).toMatchObject({
      imageOptimization__resize: "false",
      url: args.url,
    });
  });

  test("sends mail by a port that droplets may use, unless another one is named", () => {
    expect(taskOf({ mail }).Env).toMatchObject({ mail__options__port: "2525" });
  });

  test("sends newsletters by Mailgun's API, with a key that it reads from the Variable", () => {
    const mailgun = { domain: "mg.example.com", apiKey: "canary-mailgun" };
    const task = taskOf({ mailgun });
    expect(task.Env).toMatchObject({
      bulkEmail__mailgun__domain: "mg.example.com",
      bulkEmail__mailgun__baseUrl: "https://api.mailgun.net/v3",
    });
    expect(task.Templates![0]!.EmbeddedTmpl).toContain(
      "bulkEmail__mailgun__apiKey={{ .mailgunApiKey.Value | toJSON }}",
    );
    expect(JSON.stringify(task)).not.toContain("canary");
    expect(taskOf().Env).not.toHaveProperty("bulkEmail__mailgun__domain");
  });

  test.each([
    ["https://blog.example.com", "/ghost/api/admin/site/"],
    ["https://blog.example.com/", "/ghost/api/admin/site/"],
    ["https://example.com/blog", "/blog/ghost/api/admin/site/"],
    ["https://example.com/the/blog/", "/the/blog/ghost/api/admin/site/"],
  ])("is checked below the path of %s", (url, path) => {
    expect(ghostJob({ ...args, url }).TaskGroups[0]!.Services![0]!.Checks![0]!.Path).toBe(path);
  });

  test("names where passwords are, and none of them", () => {
    const text = JSON.stringify(ghostJob({ ...args, database, mail }));
    expect(text).not.toContain("canary");
    const [template] = taskOf({ database, mail }).Templates!;
    expect(template).toMatchObject({ DestPath: "secrets/ghost.env", Perms: "0400", Envvars: true });
    for (const [item, variable] of [
      ["databasePassword", "database__connection__password"],
      ["mailPassword", "mail__options__auth__pass"],
    ])
      expect(template!.EmbeddedTmpl).toContain(`${variable}={{ .${item}.Value | toJSON }}\n`);
    expect(taskOf().Templates).toBeUndefined();
  });

  test("keeps its passwords for the job's Variable, each as ghost reads it", async () => {
    const secrets = ghostSecrets({ database: { ...database, password: "123456" }, mail });
    const value = await new Promise((resolve) => pulumi.all(secrets).apply(resolve));
    expect(value).toEqual({ databasePassword: ghostText("123456"), mailPassword: "canary-mail" });
  });

  test("uses an external MySQL with TLS if it is given an authority", () => {
    const { Env } = taskOf({ database: { ...database, port: 25_060, caCertificate: "CA" } });
    expect(Env).toMatchObject({
      database__client: "mysql",
      database__connection__port: "25060",
      database__connection__ssl__ca: "CA",
    });
    expect(Env).not.toHaveProperty("database__connection__filename");
  });
});

/** As nconf reads a variable, first in its store `env` and then in `memory`. */
function readByGhost(variable: string): unknown {
  const parsed = (value: unknown): unknown => {
    try {
      return JSON.parse(value as string);
    } catch {
      return value === "undefined" ? undefined : value;
    }
  };
  return parsed(parsed(variable));
}

test("ghost gets as text what it would read as something else", () => {
  const texts = fc.oneof(
    fc.string(),
    fc.json(),
    fc.integer().map(String),
    fc.constantFrom("true", "null", "undefined", '"quoted"', "1e3", " 7 "),
  );
  fc.assert(fc.property(texts, (text) => readByGhost(ghostText(text)) === text));
  const { Env } = taskOf({ database: { ...database, user: "123456" }, mail: { ...mail, user: "null" } });
  expect(readByGhost(Env!["database__connection__user"]!)).toBe("123456");
  expect(readByGhost(Env!["mail__options__auth__user"]!)).toBe("null");
});

test.each([
  ["http://192.0.2.1", undefined],
  ["https://blog.example.com/news", undefined],
  ["blog.example.com", "is not an http or https URL"],
  ["ftp://blog.example.com", "is not an http or https URL"],
  ["https://blog.example.com/?a=b", "has more than a host"],
  ["https://me@blog.example.com", "has more than a host"],
])("the URL %s: %s", (url, reason) => {
  if (reason === undefined) expect(checkBlogUrl(url)).toBeUndefined();
  else expect(checkBlogUrl(url)).toContain(reason);
});

describe("ghost's arguments", () => {
  test.each<[string, GhostSettings & { url?: string }, string]>([
    ["a URL without a scheme", { url: "blog.example.com" }, "url"],
    ["an image without a version", { image: "ghost" }, "image"],
    [
      "a variable that the program sets",
      { environment: { url: "https://other.example" } },
      "environment.url",
    ],
    [
      "a variable that holds a secret",
      { environment: { mail__options__auth__pass: "p" } },
      "environment.mail__options__auth__pass",
    ],
    ["a variable of no name", { environment: { "a b": "c" } }, "environment.a b"],
    ["Mailgun without a domain", { mailgun: { domain: " ", apiKey: "key" } }, "mailgun.domain"],
    [
      "an address of Mailgun that is none",
      { mailgun: { domain: "mg.example.com", apiKey: "key", baseUrl: "api.mailgun.net" } },
      "mailgun.baseUrl",
    ],
    ["a database without a host", { database: { ...database, host: "" } }, "database.host"],
    ["a mail server on no port", { mail: { ...mail, port: 0 } }, "mail.port"],
    ["a priority above Nomad's", { priority: 101 }, "priority"],
    ["no memory", { memory: 0 }, "memory"],
  ])("refuse %s", (_, changed, propertyPath) => {
    expect(
      validateGhost({ url: args.url, ...changed }).issues.map((problem) => problem.propertyPath),
    ).toEqual([propertyPath]);
  });
});
