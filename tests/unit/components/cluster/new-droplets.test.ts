import { describe, expect, test } from "vitest";
import { areSomeMade, missingForNewDroplets } from "../../../../components/cluster/account/new-droplets.ts";
import type { AccountOffer, AccountRequest } from "../../../../components/cluster/account/request.ts";
import { previewOutputs, settled } from "../../../support/pulumi/preview-outputs.ts";
import { droplet, having, inventory, issues, offer, request } from "./account-offer.ts";

const { image, ...withoutImage } = inventory;
const full = [1, 2, 3].map((id) => droplet(id));

describe("what the account lacks for new droplets", () => {
  test.each<[string, string, Partial<AccountRequest>, Partial<AccountOffer>]>([
    ["an image that is not listed any more", "image", {}, { inventory: withoutImage }],
    ["a retired image", "image", {}, having({ image: { ...image, status: "retired" } })],
    ["an image that left the region", "image", {}, having({ image: { ...image, regions: ["fra1"] } })],
    ["an SSH key that left the account", "sshKeys", { sshKeys: ["512"] }, having({})],
  ])("is %s: no issue while every slot has a droplet, and one if one has not", (_, path, changed, given) => {
    const asked = { ...request, ...changed };
    const nameOf = (name: string) => `setting ${name}`;
    const missing = (droplets: typeof full) =>
      missingForNewDroplets(asked, { ...offer, ...given, droplets }, nameOf);
    expect(missing(full)).toMatch(
      new RegExp(`^the DigitalOcean account cannot make.*\n  setting ${path}: "`),
    );
    expect(issues(changed, { ...given, droplets: full })).toEqual([]);
    const [, ...two] = full;
    expect(missing(two)).toBeUndefined();
    expect(issues(changed, { ...given, droplets: two })).toMatchObject([{ propertyPath: path }]);
  });

  test("is nothing where nothing is missing", () => {
    expect(missingForNewDroplets(request, { ...offer, droplets: full }, String)).toBeUndefined();
  });

  test("is not what would not do for a droplet that is there either", () => {
    const ubuntu = having({ image: { ...image, distribution: "Ubuntu" } });
    expect(issues({}, { ...ubuntu, droplets: full })).toMatchObject([{ propertyPath: "image" }]);
  });
});

test("a preview tells whether it makes or replaces a droplet by whether each node has a name", async () => {
  const { known, unknown } = await previewOutputs();
  expect(await settled(areSomeMade([known, known]))).toBe(false);
  expect(await settled(areSomeMade([known, unknown]))).toBe(true);
});
