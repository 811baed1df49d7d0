import * as pulumi from "@pulumi/pulumi";
import { afterEach, describe, expect, test, vi } from "vitest";
import { BlogPlatform, mackerelAgent } from "../../../../components/index.ts";
import type { ApiJob, GhostArgs, GhostBackups, GhostOwner } from "../../../../components/index.ts";
import { ownerVariablePath } from "../../../../components/jobs/ghost/owner.ts";
import { validateGhost } from "../../../../components/jobs/ghost/validation.ts";
import { declared, isSecret, plain } from "../../../support/pulumi/mocked-program.ts";
import type { DeclaredResource } from "../../../support/pulumi/mocked-program.ts";
import { ghostJob } from "../../../support/rendered-jobs.ts";

afterEach(() => vi.restoreAllMocks());

const owner: GhostOwner = { email: "canary@example.com", name: "Canary" };
const place = { datacenter: "sgp1", url: "https://blog.example.com/news", contentVolume: "blog-content" };
const backups: GhostBackups = {
  ...{ endpoint: "https://s3.example.com", bucket: "backups", region: "sgp1" },
  ...{ accessKeyId: "id", secretAccessKey: "key", passphrase: "words" },
};

interface Declared {
  readonly resources: readonly DeclaredResource[];
  readonly warnings: readonly string[];
  readonly password: unknown;
}

async function blogWith(ghostOwner: GhostOwner | undefined): Promise<Declared> {
  const warn = vi.spyOn(pulumi.log, "warn").mockResolvedValue();
  let password: unknown;
  const resources = await declared(() => {
    const blog = new BlogPlatform("blog", {
      cluster: { operatorCidrs: ["192.0.2.7/32"], clusterName: "nomad-test" },
      monitoring: { agent: mackerelAgent({ roles: ["blog:nomad-cluster"] }), apiKey: "key" },
      ...(ghostOwner && { ghostOwner }),
    });
    blog.ghostOwnerPassword.apply((text) => (password = text));
  });
  const warnings = warn.mock.calls.map(([text]) => text).filter((text) => text.includes("owner"));
  return { resources, warnings, password };
}

const ghostOf = ({ resources }: Declared) =>
  resources
    .filter(({ type }) => type === "nomad:index/job:Job")
    .map(({ inputs }) => (JSON.parse(inputs["jobspec"] as string) as { Job: ApiJob }).Job)
    .find(({ ID }) => ID === "ghost")!;

describe("a blog with an owner", () => {
  test("has a password of its own, which is in a Variable beside the owner, secret, and in no job", async () => {
    const blog = await blogWith(owner);
    const variable = blog.resources.find(({ name }) => name === "blog-ghost-owner-variable")!;
    expect(variable.inputs["path"]).toBe("nomad/jobs/ghost/ghost/ghost");
    expect(isSecret(variable.inputs["items"])).toBe(true);
    expect(plain(variable.inputs["items"])).toEqual({
      ...owner,
      blogTitle: "Ghost",
      password: blog.password,
    });
    expect(blog.password).toMatch(/^[0-9a-f]{32}$/);
    for (const { inputs } of blog.resources.filter(({ type }) => type === "nomad:index/job:Job"))
      expect(inputs["jobspec"]).not.toMatch(/canary/i);
    expect(blog.warnings).toEqual([]);
  });

  test("has the same job whoever it is, so that a change restarts nothing", async () => {
    const another = { email: "other@example.com", name: "Other", blogTitle: "Title" };
    expect(ghostOf(await blogWith(another))).toEqual(ghostOf(await blogWith(owner)));
  });
});

test("a new blog without an owner is warned of, and has nothing of one", async () => {
  const blog = await blogWith(undefined);
  expect(blog.warnings).toEqual([
    "ghostOwner.email: is not given, so whoever reaches /ghost first becomes the owner of this new blog",
  ]);
  expect(blog.password).toBeUndefined();
  expect(blog.resources.filter(({ name }) => name.includes("owner"))).toEqual([]);
  expect(ghostOf(blog).TaskGroups[0]!.Tasks.map(({ Name }) => Name)).toEqual(["ghost"]);
});

describe("Ghost with an owner to make", () => {
  const mail = { host: "smtp.example.com", user: "u", password: "p", from: "Blog <blog@example.com>" };
  const tasksOf = (given: Pick<GhostArgs, "owner" | "backups">) =>
    ghostJob({ ...place, mail, ...given }).TaskGroups[0]!.Tasks;
  const [ghost] = tasksOf({ owner });
  const [without] = tasksOf({});

  test("makes it in its own process, with no right more than without one", () => {
    expect(ghost!.Config).toMatchObject({
      command: "node",
      // The image's start script gives the content to Ghost's user where it sees these words.
      args: ["--import", "${NOMAD_TASK_DIR}/make-owner.mjs", "current/index.js"],
    });
    const { command: _command, args: _args, ...config } = ghost!.Config;
    expect({ ...ghost, Config: config, Templates: without!.Templates }).toEqual(without);
    expect(ghost!.Templates).toEqual(expect.arrayContaining(without!.Templates!));
  });

  test("starts when the restore of an empty volume is done, so that a restored owner is seen", () => {
    const tasks = tasksOf({ owner, backups });
    const before = tasks.filter(({ Lifecycle }) => Lifecycle?.Hook === "prestart");
    expect(before.map(({ Name }) => Name)).toEqual(["restore-database", "restore-files"]);
    expect(tasks.find(({ Name }) => Name === "ghost")).toEqual(ghost);
    expect(validateGhost({ url: place.url, owner, backups }).issues).toEqual([]);
  });

  test("can read the owner as the user that it becomes, and nobody else but root can", () => {
    expect(ghost!.Templates!.find(({ DestPath }) => DestPath === "secrets/owner.json")).toMatchObject({
      Perms: "0400",
      Uid: 1000,
    });
  });

  test("goes on when its owner changes", () => {
    for (const { DestPath, ChangeMode } of ghost!.Templates!)
      expect([DestPath, ChangeMode]).toEqual([
        DestPath,
        DestPath === "secrets/ghost.env" ? "restart" : "noop",
      ]);
  });
});

test.each<[string, Partial<GhostOwner>, string]>([
  ["no address", { email: "owner" }, "owner.email"],
  ["an address with a name", { email: "Me <me@example.com>" }, "owner.email"],
  ["an address that Ghost cannot keep", { email: `${"a".repeat(190)}@example.com` }, "owner.email"],
  ["no name", { name: " " }, "owner.name"],
  ["a name that Ghost cannot keep", { name: "a".repeat(192) }, "owner.name"],
  ["an empty title", { blogTitle: "" }, "owner.blogTitle"],
])("an owner with %s is refused", (_, changed, propertyPath) => {
  const { issues } = validateGhost({ url: place.url, owner: { ...owner, ...changed } });
  expect(issues.map((issue) => issue.propertyPath)).toEqual([propertyPath]);
});

test("a job whose name leaves no room for the owner's Variable is refused with an owner only", () => {
  const longest = Array.from({ length: 63 }, (_, index) => "a".repeat(index + 1)).findLast(
    (jobId) => ownerVariablePath(jobId).length <= 128,
  )!;
  const issues = (jobId: string, given?: GhostOwner) =>
    validateGhost({ url: place.url, jobId, ...(given && { owner: given }) }).issues;
  expect(longest).toHaveLength(55);
  expect(issues(longest, owner)).toEqual([]);
  expect(issues(`${longest}a`)).toEqual([]);
  expect(issues(`${longest}a`, owner)).toMatchObject([{ propertyPath: "jobId" }]);
});
