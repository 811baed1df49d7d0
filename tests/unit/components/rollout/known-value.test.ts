import * as pulumi from "@pulumi/pulumi";
import { expect, test } from "vitest";
import { knownValue } from "../../../../components/rollout/plan/known-value.ts";
import { previewOutputs, settled } from "../../../support/pulumi/preview-outputs.ts";

test("in a preview a value that only the update tells is undefined, and every other is itself, secret or not", async () => {
  const { known, unknown } = await previewOutputs();
  const secret = knownValue(pulumi.secret(known));
  const values = await settled(
    pulumi.all([
      knownValue(known),
      secret,
      knownValue(unknown),
      knownValue(pulumi.secret(unknown)),
      knownValue(pulumi.interpolate`${known} ${unknown}`),
      knownValue(["plain"]),
    ]),
  );
  expect(values).toEqual(["01", "01", undefined, undefined, undefined, ["plain"]]);
  expect(await pulumi.isSecret(secret)).toBe(true);
});
