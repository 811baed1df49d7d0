import path from "node:path";
import { expect, it } from "vitest";
import { sandboxSettings } from "../../../sandbox/settings.ts";

const root = path.resolve(import.meta.dirname, "../../..");

it.each([
  [{}, "prepared"],
  [{ NOMAD_SANDBOX_DROPLET_IMAGE: "bare" }, "bare"],
])("%j boots the %s image", (environment, kind) => {
  expect(sandboxSettings(root, environment).dropletImage).toBe(kind);
});

it("refuses an image that does not exist", () => {
  expect(() => sandboxSettings(root, { NOMAD_SANDBOX_DROPLET_IMAGE: "debian" })).toThrow(
    'NOMAD_SANDBOX_DROPLET_IMAGE "debian" is neither prepared nor bare',
  );
});
