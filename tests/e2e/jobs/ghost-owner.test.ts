import { beforeAll, expect, test } from "vitest";
import { page } from "../../support/blog/blog.ts";
import { logIn } from "../../support/blog/ghost-owner.ts";
import { plannedChanges } from "../../support/pulumi/planned-changes.ts";
import {
  allocationIds,
  blogOwner,
  pulumi,
  setConfig,
  status,
  taskStarts,
  up,
} from "../../support/sandbox.ts";

let address: string;

beforeAll(async () => {
  address = (await status()).addresses.blog[0]!;
});

test("the blog has the stack's owner, and nobody else can become it", async () => {
  const owner = await blogOwner();
  expect(await logIn(address, owner)).toBe(201);
  expect(await logIn(address, { ...owner, password: "correct horse battery" })).toBe(422);
  const setup = await page(address, "/ghost/api/admin/authentication/setup/");
  expect(JSON.parse(setup.text)).toMatchObject({ setup: [{ status: true }] });
});

test("another owner in the stack changes a Variable, and restarts nothing", async () => {
  const before = [await allocationIds("ghost"), await taskStarts("ghost")];
  await setConfig("ghostOwnerEmail", "other@example.com");
  const changes = plannedChanges(await pulumi("preview", "--json", "--non-interactive"));
  const resources = changes.filter((one) => !one.type.startsWith("nomad-digitalocean:"));
  expect(resources.map(({ operation, type }) => [operation, type])).toEqual([
    ["update", "nomad:index/variable:Variable"],
  ]);
  await up();
  expect([await allocationIds("ghost"), await taskStarts("ghost")]).toEqual(before);
  const owner = await blogOwner();
  expect(await logIn(address, owner)).not.toBe(201);
  await setConfig("ghostOwnerEmail", "owner@example.com");
  await up();
  expect(await logIn(address, await blogOwner())).toBe(201);
});
